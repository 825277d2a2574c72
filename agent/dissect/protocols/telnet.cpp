// SPDX-License-Identifier: Apache-2.0
// Telnet (RFC 854, 855): the lines with which a server greets, up to its first prompt. Nothing that
// a client sends is read, and nothing behind the prompt: names and passwords follow.
#include <algorithm>
#include <array>

#include "dissect/dissectors.hpp"
#include "dissect/heads.hpp"

namespace tapwarden::protocols {

namespace {

enum Command : uint8_t { kEnd = 240, kBegin = 250, kWill = 251, kDont = 254, kInterpret = 255 };

constexpr uint8_t kEscape = 0x1b;
constexpr unsigned kLinesMax = 12;
constexpr size_t kOctetsMax = 4096;
constexpr std::array<std::string_view, 4> kPrompts = {"login", "username", "user name", "password"};

/// Takes what stands behind the octet 255; true for a doubled one, which is text.
bool command(Reader& reader) {
  uint8_t code = reader.u8();
  if (code == kInterpret) return true;
  if (code >= kWill && code <= kDont) reader.skip(1);
  if (code != kBegin) return false;
  for (uint8_t before = 0; reader.ok();) {
    uint8_t octet = reader.u8();
    if (before == kInterpret && octet == kEnd) break;
    before = before == kInterpret ? 0 : octet;
  }
  return false;
}

/// Takes a terminal's control sequence (ECMA-48, section 5.4).
void control_sequence(Reader& reader) {
  if (reader.empty() || reader.peek()[0] != '[') return;
  reader.skip(1);
  while (!reader.empty() && (reader.u8() & 0xc0) != 0x40) {
  }
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Line {
 public:
  void put(uint8_t octet) {
    if (size_ < text_.size()) text_[size_++] = static_cast<char>(octet);
  }
  void clear() { size_ = 0; }
  std::string_view view() const { return {text_.data(), size_}; }
  /// Frames of asterisks and the like are none.
  bool has_words() const { return std::ranges::count_if(view(), is_letter) > 2; }
  bool is_prompt() const {
    std::string_view line = view();
    line = line.substr(0, line.find_last_not_of(" \t") + 1);
    if (!line.ends_with(':')) return false;
    line.remove_suffix(1);
    line = line.substr(0, line.find_last_not_of(" \t") + 1);
    return std::ranges::any_of(kPrompts, [line](std::string_view prompt) {
      return line.size() >= prompt.size() &&
             equal_without_case(line.substr(line.size() - prompt.size()), prompt);
    });
  }

 private:
  std::array<char, Observation::text_max + 1> text_;
  size_t size_ = 0;
};

bool is_server(const Packet& packet) { return packet.source_port < packet.target_port; }

}  // namespace

void telnet(const Packet& packet, Reader& reader, Emit& emit) {
  if (!is_server(packet)) return;
  Reader rest(reader.peek().first(std::min(reader.size(), kOctetsMax)));
  Line line;
  unsigned lines = 0;
  while (!rest.empty() && lines < kLinesMax) {
    uint8_t octet = rest.u8();
    if (octet == kInterpret && !command(rest)) continue;
    if (octet == kEscape) {
      control_sequence(rest);
      continue;
    }
    bool is_end = octet == '\n' || octet == '\r';
    if (!is_end && octet != 0) line.put(octet);
    bool is_prompt = octet == ':' && line.is_prompt();
    if (!is_end && !is_prompt) continue;
    if (line.has_words()) {
      emit.text(Field::banner, line.view());
      ++lines;
    }
    if (is_prompt) return;
    line.clear();
  }
  if (lines < kLinesMax && reader.size() < kOctetsMax) emit.more();
}

}  // namespace tapwarden::protocols
