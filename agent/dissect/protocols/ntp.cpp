// SPDX-License-Identifier: Apache-2.0
// NTP: what a server says of itself where it is asked (control messages of mode 6, RFC 9327), and
// the clock that a server of the first stratum hangs on (RFC 5905, section 7.3).
#include <algorithm>

#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Mode : uint8_t { kServer = 4, kBroadcast = 5, kControl = 6 };

constexpr uint8_t kReadVariables = 2;
constexpr uint8_t kResponse = 0x80;
constexpr uint8_t kError = 0x40;
constexpr uint8_t kMoreFollows = 0x20;
constexpr size_t kPacketMin = 48;
constexpr unsigned kVariablesMax = 64;

struct Variable {
  std::string_view name;
  Field field;
};
constexpr Variable kVariables[] = {
    {"version", Field::banner}, {"system", Field::os_version}, {"processor", Field::processor}};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\0";
  size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// name=value, name="value", ...; a value in quotation marks may hold commas.
void variables(std::string_view list, Emit& emit) {
  for (unsigned left = kVariablesMax; left > 0 && !list.empty(); --left) {
    size_t end = list.find_first_of("=,");
    std::string_view name = trimmed(list.substr(0, end));
    bool has_value = end != std::string_view::npos && list[end] == '=';
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    if (!has_value) continue;
    bool is_quoted = list.starts_with('"');
    if (is_quoted) list.remove_prefix(1);
    size_t size = list.find(is_quoted ? '"' : ',');
    if (size == std::string_view::npos && is_quoted) return;  // cut
    std::string_view value = trimmed(list.substr(0, size));
    list.remove_prefix(size == std::string_view::npos ? list.size() : size + 1);
    for (const Variable& known : kVariables) {
      if (name == known.name) emit.text(known.field, value);
    }
  }
}

void control(Reader& reader, Emit& emit) {
  uint8_t operation = reader.u8();
  reader.skip(2 + 2 + 2);  // sequence, status, association
  bool is_first = reader.u16() == 0;
  Bytes data = reader.take(reader.u16());
  bool is_answer = (operation & kResponse) != 0 && (operation & kError) == 0 &&
                   (operation & 0x1f) == kReadVariables;
  if (!reader.ok() || !is_answer || !is_first) return;
  std::string_view list = as_text(data);
  // The last of what goes on in another datagram may be cut.
  if ((operation & kMoreFollows) != 0) list = list.substr(0, list.rfind(',') + 1);
  variables(list, emit);
}

}  // namespace

void ntp(const Packet&, Reader& reader, Emit& emit) {
  uint8_t head = reader.u8();
  uint8_t mode = head & 7;
  if (mode == kControl) return control(reader, emit);
  if (mode != kServer && mode != kBroadcast) return;
  if (reader.size() < kPacketMin - 1) return reader.fail();
  bool is_first_stratum = reader.u8() == 1;
  reader.skip(2 + 4 + 4);
  Bytes clock = reader.take(4);
  auto is_letter = [](uint8_t c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  auto end = std::ranges::find(clock, 0);
  bool is_name = end != clock.begin() && std::all_of(clock.begin(), end, is_letter);
  if (is_first_stratum && is_name) emit.text(Field::reference_clock, Bytes(clock.begin(), end));
}

}  // namespace tapwarden::protocols
