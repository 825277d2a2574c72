// SPDX-License-Identifier: Apache-2.0
// Link Automatic Discovery, from vendor manuals: in place of an EtherType zero, or under that of
// ARP where the link has VLAN tags, then 20 octets of text that end in "Link Search". What follows
// is of no known format.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr size_t kFlagSize = 20;
constexpr std::string_view kFlag = " Link Search";

}  // namespace

void lad(const Packet&, Reader& reader, Emit& emit) {
  std::string_view flag = as_text(reader.peek(kFlagSize));
  flag = flag.substr(0, flag.find('\0'));
  flag = flag.substr(0, flag.find_last_not_of(' ') + 1);
  if (flag.ends_with(kFlag)) emit.text(Field::message, flag);
}

}  // namespace tapwarden::protocols
