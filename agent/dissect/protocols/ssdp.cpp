// SPDX-License-Identifier: Apache-2.0
// SSDP (UPnP Device Architecture 2.0, section 1): announcements and answers of devices, searches of
// control points.
#include "dissect/dissectors.hpp"
#include "dissect/heads.hpp"

namespace tapwarden::protocols {

void ssdp(const Packet&, Reader& reader, Emit& emit) {
  Head head(reader);
  bool is_device = head.status() == 200 || head.method() == "NOTIFY";
  bool is_search = head.method() == "M-SEARCH";
  if (!is_device && !is_search) return reader.fail();
  while (auto header = head.next()) {
    if (header->is("USER-AGENT")) {
      emit.text(Field::user_agent, header->value);
    } else if (!is_device) {
      continue;
    } else if (header->is("SERVER")) {
      emit.text(Field::server, header->value);
    } else if (header->is("LOCATION")) {
      emit.text(Field::location_url, header->value);
    } else if (header->is("USN")) {
      emit.text(Field::service_name, header->value);
    }
  }
}

}  // namespace tapwarden::protocols
