// SPDX-License-Identifier: Apache-2.0
// What devices and apps ask of the cloud through which they find each other, in HTTP's form over
// UDP, from public descriptions. Of the path only the words that say what is asked for: serial
// numbers and tokens stand between them, and may be those of another device.
#include <algorithm>

#include "dissect/decoded_text.hpp"
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr std::string_view kMethods[] = {"DHGET", "DHPOST"};
constexpr std::string_view kWords[] = {"probe", "online", "info",        "device",       "p2psrv",
                                       "relay", "agent",  "p2p-channel", "relay-channel"};
constexpr unsigned kWordsMax = 4;

bool is_in(std::string_view word, const auto& words) {
  return std::ranges::find(words, word) != std::end(words);
}

/// Takes the text up to that character and the character; all where it does not occur.
std::string_view take_until(char end, std::string_view& rest) {
  std::string_view part = rest.substr(0, rest.find(end));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

}  // namespace

void dahua_p2p(const Packet&, Reader& reader, Emit& emit) {
  std::string_view rest = reader.line();
  std::string_view method = take_until(' ', rest);
  std::string_view path = take_until(' ', rest);
  if (!is_in(method, kMethods) || !path.starts_with('/') || !rest.starts_with("HTTP/1.")) return;
  path.remove_prefix(1);
  if (!is_in(path.substr(0, path.find('/')), kWords)) return;
  DecodedText<64> said;
  said.append(method);
  said.append(' ');
  for (unsigned left = kWordsMax; left > 0 && !path.empty(); --left) {
    std::string_view word = take_until('/', path);
    if (!is_in(word, kWords)) continue;
    said.append('/');
    said.append(word);
  }
  emit.text(Field::message, said.view());
}

}  // namespace tapwarden::protocols
