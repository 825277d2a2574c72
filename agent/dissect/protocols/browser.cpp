// SPDX-License-Identifier: Apache-2.0
// The browser service's announcements (MS-BRWS, section 2.2) in a NetBIOS datagram (RFC 1002,
// section 4.4): the sender's name, the version of its system and its comment.
#include "dissect/dissectors.hpp"
#include "dissect/netbios_name.hpp"

namespace tapwarden::protocols {

namespace {

enum Command : uint8_t { kHost = 1, kDomain = 12, kLocalMaster = 15 };

constexpr std::string_view kMailslot("\\MAILSLOT\\BROWSE", 17);  // with its NUL
constexpr size_t kCommentMax = 43;

std::string_view until_nul(Bytes bytes) {
  std::string_view text = as_text(bytes);
  return text.substr(0, text.find('\0'));
}

void announcement(Reader& reader, Emit& emit) {
  uint8_t command = reader.u8();
  if (command != kHost && command != kLocalMaster && command != kDomain) return;
  reader.skip(5);
  std::string_view name = until_nul(reader.take(16));
  unsigned major = reader.u8() & 15U;
  unsigned minor = reader.u8();
  reader.skip(8);  // what it serves, the browser's version, a constant
  if (!reader.ok()) return;
  if (command == kDomain) {
    emit.text(Field::domain, name);
    emit.text(Field::host_name, until_nul(reader.take_up_to(16)));
    return;
  }
  emit.text(Field::host_name, name);
  std::array<char, 8> version{};
  size_t size = 0;
  auto put = [&](unsigned value) {
    if (value > 99) version[size++] = static_cast<char>('0' + value / 100);
    if (value > 9) version[size++] = static_cast<char>('0' + value / 10 % 10);
    version[size++] = static_cast<char>('0' + value % 10);
  };
  put(major);
  version[size++] = '.';
  put(minor);
  emit.text(Field::os_version, std::string_view(version.data(), size));
  emit.text(Field::description, until_nul(reader.take_up_to(kCommentMax)));
}

}  // namespace

void browser(const Packet& packet, Reader& reader, Emit& emit) {
  uint8_t kind = reader.u8();
  if (kind < 0x10 || kind > 0x12) return;  // direct unique, direct group, broadcast
  reader.skip(3);
  IpAddress source = reader.ipv4();
  reader.skip(6);
  netbios_name(reader);
  netbios_name(reader);
  if (!reader.ok() || source != packet.source_ip) return;  // forwarded by somebody else
  if (as_text(reader.peek(5)) != "\xffSMB\x25") return;    // a transaction
  reader.skip(32);
  reader.skip(reader.u8() * size_t{2});
  reader.skip(2);
  if (as_text(reader.take(kMailslot.size())) != kMailslot) return;
  announcement(reader, emit);
}

}  // namespace tapwarden::protocols
