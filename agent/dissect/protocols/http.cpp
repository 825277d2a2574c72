// SPDX-License-Identifier: Apache-2.0
// HTTP/1 heads (RFC 9110, 9112): what a server says it is
// and the realms that it guards, what a client says it is; and the title of an HTML page. Nothing
// else of a body is looked at.
#include "dissect/challenges.hpp"
#include "dissect/dissectors.hpp"
#include "dissect/heads.hpp"
#include "dissect/html_title.hpp"

namespace tapwarden::protocols {

namespace {

/// Via stands in what a proxy passed on (RFC 9110, section 7.6.3): the speaker is not its author.
bool is_relayed(Reader reader) {
  Head head(reader);
  while (auto header = head.next()) {
    if (header->is("Via")) return true;
  }
  return false;
}

bool begins(std::string_view text, std::string_view with) {
  return equal_without_case(text.substr(0, with.size()), with);
}

void title(Bytes page, Emit& emit) {
  HtmlTitle title = html_title(as_text(page));
  if (!title.is_whole) emit.more();
  emit.text(Field::title, title.text);
}

}  // namespace

void http(const Packet&, Reader& reader, Emit& emit) {
  if (!reader.has_line()) return emit.more();
  bool relayed = is_relayed(reader);
  Head head(reader);
  bool is_response = head.status() != 0;
  if (relayed || (!is_response && head.method().empty())) return;
  bool has_page = false;
  bool is_packed = false;
  while (auto header = head.next()) {
    if (header->is("Content-Type")) has_page = begins(header->value, "text/html");
    if (header->is("Content-Encoding")) is_packed = !equal_without_case(header->value, "identity");
    if (!is_response) {
      if (header->is("User-Agent")) emit.text(Field::user_agent, header->value);
    } else if (header->is("Server")) {
      emit.text(Field::server, header->value);
    } else if (header->is("X-Powered-By")) {
      emit.text(Field::powered_by, header->value);
    } else if (header->is("WWW-Authenticate")) {
      realms(header->value, emit);
    }
  }
  if (!head.has_ended()) return emit.more();
  if (head.status() == 200 && has_page && !is_packed) title(reader.peek(), emit);
}

}  // namespace tapwarden::protocols
