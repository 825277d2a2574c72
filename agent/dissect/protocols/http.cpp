// SPDX-License-Identifier: Apache-2.0
// HTTP/1 heads (RFC 9110, 9112): what a server says it is
// and the realms that it guards, what a client says it is. A body is never looked at.
#include "dissect/challenges.hpp"
#include "dissect/dissectors.hpp"
#include "dissect/heads.hpp"

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

}  // namespace

void http(const Packet&, Reader& reader, Emit& emit) {
  if (!reader.has_line()) return emit.more();
  bool relayed = is_relayed(reader);
  Head head(reader);
  bool is_response = head.status() != 0;
  if (relayed || (!is_response && head.method().empty())) return;
  while (auto header = head.next()) {
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
  if (!head.has_ended()) emit.more();
}

}  // namespace tapwarden::protocols
