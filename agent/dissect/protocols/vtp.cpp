// SPDX-License-Identifier: Apache-2.0
// VLAN Trunking Protocol, versions 1 to 3, as public decoders describe it: the domain that a switch
// belongs to.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

void vtp(const Packet&, Reader& reader, Emit& emit) {
  reader.skip(1 + 1 + 1);  // version, code, and what differs from code to code
  uint8_t size = reader.u8();
  if (size > 32) return reader.fail();
  Bytes domain = reader.take(size);
  if (reader.ok()) emit.text(Field::vtp_domain, domain);
}

}  // namespace tapwarden::protocols
