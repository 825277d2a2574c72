// SPDX-License-Identifier: Apache-2.0
// RTSP heads (RFC 2326, 7826): what a camera or recorder says it is, the realms that it guards and
// the path that it gives its stream; what a player says it is, and the maker's own form in which it
// asks for a stream. Bodies and media are never looked at.
#include <algorithm>

#include "dissect/challenges.hpp"
#include "dissect/dissectors.hpp"
#include "dissect/heads.hpp"

namespace tapwarden::protocols {

namespace {

constexpr std::string_view kVersion = "RTSP/1.";

bool has_password(std::string_view path) {
  for (size_t i = 0; i + 4 <= path.size(); ++i) {
    if (equal_without_case(path.substr(i, 4), "pass")) return true;
  }
  return false;
}

/// The path of "rtsp://name:secret@host:port/path?query" alone; nothing when a secret is in it.
void content_base(std::string_view url, Emit& emit) {
  size_t host = url.find("://");
  if (host == std::string_view::npos) return;
  size_t begin = url.find('/', host + 3);
  if (begin == std::string_view::npos) return;
  std::string_view path = url.substr(begin, url.find('?', begin) - begin);
  if (path.size() > 1 && !has_password(path)) emit.text(Field::content_base, path);
}

/// The value of "proto" in the query of a request's address, when it is a word: in all else that
/// stands there passwords travel.
std::string_view stream_protocol(std::string_view line) {
  constexpr std::string_view name = "proto=";
  constexpr size_t word_max = 16;
  auto is_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  std::string_view query = line.substr(std::min(line.find('?'), line.size()));
  for (size_t at = query.find(name); at != std::string_view::npos; at = query.find(name, at + 1)) {
    if (query[at - 1] != '?' && query[at - 1] != '&') continue;
    std::string_view word = query.substr(at + name.size());
    word = word.substr(0, word.find_first_of("& "));
    return word.size() <= word_max && std::ranges::all_of(word, is_word) ? word
                                                                         : std::string_view{};
  }
  return {};
}

/// Via stands in what a proxy passed on: the speaker is not its author.
bool is_relayed(Reader reader) {
  Head head(reader, kVersion);
  while (auto header = head.next()) {
    if (header->is("Via")) return true;
  }
  return false;
}

}  // namespace

void rtsp(const Packet&, Reader& reader, Emit& emit) {
  if (!reader.has_line()) return emit.more();
  bool relayed = is_relayed(reader);
  std::string_view line = Reader(reader).line();
  Head head(reader, kVersion);
  bool is_response = head.status() != 0;
  if (relayed || (!is_response && head.method().empty())) return;
  if (!is_response) emit.text(Field::stream_protocol, stream_protocol(line));
  while (auto header = head.next()) {
    if (!is_response) {
      if (header->is("User-Agent")) emit.text(Field::user_agent, header->value);
    } else if (header->is("Server")) {
      emit.text(Field::server, header->value);
    } else if (header->is("WWW-Authenticate")) {
      realms(header->value, emit);
    } else if (header->is("Content-Base")) {
      content_base(header->value, emit);
    }
  }
  if (!head.has_ended()) emit.more();
}

}  // namespace tapwarden::protocols
