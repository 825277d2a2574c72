// SPDX-License-Identifier: Apache-2.0
// A search protocol of cameras on UDP 10000, from public descriptions: "MO_I", an operation, the
// size of what follows as little endian number, and in an answer the camera's MAC address as its
// id, its name, addresses and versions.
#include <array>
#include <charconv>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr std::string_view kMagic = "MO_I";
constexpr size_t kHeaderSize = 23;
constexpr size_t kIdSize = 13;
constexpr size_t kNameSize = 21;
constexpr size_t kSizeMax = 1024;
constexpr uint8_t kTcp = 6;

enum Operation : uint16_t { kSearch = 0, kAnswer = 1 };

std::string_view until_nul(Bytes bytes) {
  std::string_view text = as_text(bytes);
  return text.substr(0, text.find('\0'));
}

/// Four octets as in "11.37.2.46".
void version(Field field, Bytes numbers, Emit& emit) {
  std::array<char, 16> text;
  char* end = text.data();
  for (uint8_t number : numbers) {
    if (end != text.data()) *end++ = '.';
    end = std::to_chars(end, text.data() + text.size(), number).ptr;
  }
  emit.text(field, std::string_view(text.data(), end));
}

void answer(Reader body, Emit& emit) {
  std::optional<Mac> mac = parse_mac(until_nul(body.take(kIdSize)));
  std::string_view name = until_nul(body.take(kNameSize));
  IpAddress ip = body.ipv4();
  body.skip(4 * 4);  // mask, gateway, name server, reserved
  Bytes system = body.take(4);
  Bytes application = body.take(4);
  if (!body.ok()) return emit.malformed();
  if (mac && *mac && !mac->is_group()) {
    emit.about(*mac, ip.is_host() ? ip : IpAddress{});
    emit.mac(Field::device_mac, *mac);
  }
  emit.text(Field::message, "answer");
  emit.ip(Field::binding, ip);
  emit.text(Field::device_name, name);
  version(Field::software_version, system, emit);
  version(Field::software_revision, application, emit);
}

}  // namespace

void foscam(const Packet& packet, Reader& reader, Emit& emit) {
  if (!as_text(reader.peek(kMagic.size())).starts_with(kMagic)) return;
  bool is_stream = packet.ip_protocol == kTcp;
  if (is_stream && reader.size() < kHeaderSize) return emit.more();
  reader.skip(kMagic.size());
  uint16_t operation = reader.u16le();
  reader.skip(1 + 8);  // reserved
  size_t size = reader.u32le();
  reader.skip(4);  // the size again, or zero
  if (operation != kSearch && operation != kAnswer) return;
  if (is_stream && reader.size() < size && size <= kSizeMax) return emit.more();
  Reader body = reader.sub(size);
  if (!reader.ok()) return;
  if (operation == kSearch) return emit.text(Field::message, "search");
  answer(body, emit);
}

}  // namespace tapwarden::protocols
