// SPDX-License-Identifier: Apache-2.0
// XMPP (RFC 6120): the domain that a server speaks for (section 4.7.1), and TLS behind STARTTLS
// (section 5.4).
#include <string_view>

#include "dissect/dissectors.hpp"
#include "dissect/starttls.hpp"

namespace tapwarden::protocols {

namespace {

constexpr std::string_view kStream = "<stream:stream";
constexpr size_t kClearMax = 4096;

/// The value of that attribute in a tag; empty where it has none.
std::string_view attribute(std::string_view tag, std::string_view name) {
  for (size_t at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
    std::string_view rest = tag.substr(at + name.size());
    bool is_name = at > 0 && (tag[at - 1] == ' ' || tag[at - 1] == '\n');
    if (!is_name || rest.size() < 2 || rest[0] != '=') continue;
    if (rest[1] != '"' && rest[1] != '\'') continue;
    size_t end = rest.find(rest[1], 2);
    return end == std::string_view::npos ? std::string_view{} : rest.substr(2, end - 2);
  }
  return {};
}

}  // namespace

void xmpp(const Packet&, Reader& reader, Emit& emit) {
  std::string_view text = as_text(reader.peek().first(std::min(reader.size(), kClearMax)));
  bool is_cut = text.size() < kClearMax;
  size_t stream = text.find(kStream);
  if (stream == std::string_view::npos || stream > 128) {
    if (stream == std::string_view::npos && text.starts_with("<") && text.size() < 128) emit.more();
    return;
  }
  size_t end = text.find('>', stream);
  if (end == std::string_view::npos) return is_cut ? emit.more() : reader.fail();
  std::string_view tag = text.substr(stream, end - stream);
  emit.text(Field::domain, attribute(tag, "from"));  // of a client's it may be missing
  for (std::string_view last : {"<proceed", "<starttls"}) {
    size_t begin = text.find(last, end);
    // A server's offer of it is not yet an answer.
    bool is_offer = begin != std::string_view::npos && text.find("<stream:features", end) < begin &&
                    last != "<proceed";
    if (begin == std::string_view::npos || is_offer) continue;
    size_t behind = text.find('>', begin);
    if (behind == std::string_view::npos) break;
    reader.skip(behind + 1);
    if (as_text(reader.peek()).starts_with("</")) reader.skip(text.find('>', behind + 1) - behind);
    return expect_tls(reader, emit);
  }
  for (std::string_view late : {"<auth", "<success", "<failure", "<iq", "</stream:stream"}) {
    if (text.find(late, end) != std::string_view::npos) return;
  }
  if (is_cut) emit.more();
}

}  // namespace tapwarden::protocols
