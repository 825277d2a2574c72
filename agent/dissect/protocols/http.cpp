// SPDX-License-Identifier: Apache-2.0
// HTTP/1 (RFC 9110, 9112): what a server says it is and the realms that it guards, what a client
// says it is; and of bodies those in which a device describes itself (dissect/device_document.hpp).
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "dissect/device_document.hpp"
#include "dissect/dissectors.hpp"
#include "dissect/heads.hpp"

namespace tapwarden::protocols {

namespace {

constexpr unsigned kParametersMax = 64;  // of all challenges in one header

void skip_any(std::string_view& rest, std::string_view characters) {
  rest.remove_prefix(std::min(rest.find_first_not_of(characters), rest.size()));
}

std::string_view take_until(std::string_view& rest, std::string_view stops) {
  std::string_view taken = rest.substr(0, rest.find_first_of(stops));
  rest.remove_prefix(taken.size());
  return taken;
}

/// A quoted string without its quotes, still with its quoted pairs; nothing when it does not end.
std::string_view take_quoted(std::string_view& rest) {
  for (size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      std::string_view inner = rest.substr(1, i - 1);
      rest.remove_prefix(i + 1);
      return inner;
    }
  }
  rest = {};
  return {};
}

void unquoted(Field field, std::string_view text, Emit& emit) {
  std::array<char, Observation::text_max + 1> plain;  // one more, so that a cut is seen as one
  size_t size = 0;
  for (size_t i = 0; i < text.size() && size < plain.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain[size++] = text[i];
  }
  emit.text(field, std::string_view(plain.data(), size));
}

/// The realm of each challenge (RFC 9110, section 11.6.1): schemes and parameters are told apart by
/// the equals sign alone, and a quoted string is stepped over as one.
void realms(std::string_view rest, Emit& emit) {
  for (unsigned left = kParametersMax; left > 0 && !rest.empty(); --left) {
    skip_any(rest, " \t,");
    std::string_view name = take_until(rest, " \t,=\"");
    skip_any(rest, " \t");
    if (!rest.starts_with('=')) {
      if (rest.starts_with('"')) take_quoted(rest);
      continue;
    }
    rest.remove_prefix(1);
    skip_any(rest, " \t");
    bool is_quoted = rest.starts_with('"');
    std::string_view value = is_quoted ? take_quoted(rest) : take_until(rest, " \t,");
    if (!equal_without_case(name, "realm")) continue;
    if (is_quoted) {
      unquoted(Field::realm, value, emit);
    } else {
      emit.text(Field::realm, value);
    }
  }
}

/// Via stands in what a proxy passed on (RFC 9110, section 7.6.3): the speaker is not its author.
bool is_relayed(Reader reader) {
  Head head(reader);
  while (auto header = head.next()) {
    if (header->is("Via")) return true;
  }
  return false;
}

bool contains_without_case(std::string_view text, std::string_view part) {
  for (size_t at = 0; at + part.size() <= text.size(); ++at) {
    if (equal_without_case(text.substr(at, part.size()), part)) return true;
  }
  return false;
}

std::optional<size_t> parse_size(std::string_view digits, int base) {
  size_t size = 0;
  const char* last = digits.data() + digits.size();
  auto [end, error] = std::from_chars(digits.data(), last, size, base);
  if (digits.empty() || end != last || error != std::errc{}) return std::nullopt;
  return size;
}

/// What a head says of its body (RFC 9112, section 6).
struct Framing {
  bool is_xml = false;
  bool is_plain = true;  // not compressed
  bool is_chunked = false;
  std::optional<size_t> size;

  void note(const Header& header) {
    if (header.is("Content-Type")) is_xml = contains_without_case(header.value, "xml");
    if (header.is("Content-Length")) size = parse_size(header.value, 10);
    if (header.is("Content-Encoding")) is_plain = equal_without_case(header.value, "identity");
    if (header.is("Transfer-Encoding")) is_chunked = !equal_without_case(header.value, "identity");
  }
};

/// The body, or its first chunk, as far as it is there.
void body(Framing framing, Author author, Reader& reader, Emit& emit) {
  if (!framing.is_xml || !framing.is_plain) return;
  if (framing.is_chunked) {
    if (!reader.has_line()) return emit.more();
    std::string_view line = reader.line();
    framing.size = parse_size(line.substr(0, line.find_first_of("; \t")), 16);
    if (!framing.size) return;
  }
  std::string_view document = as_text(reader.take_up_to(framing.size.value_or(reader.size())));
  Reading reading = device_document(document, author, emit);
  if (reading != Reading::broken && reading != Reading::unclear) return;
  bool is_all = framing.size && document.size() == *framing.size;
  if (!is_all) return emit.more();
  if (reading == Reading::broken && !framing.is_chunked) emit.malformed();
}

}  // namespace

void http(const Packet&, Reader& reader, Emit& emit) {
  if (!reader.has_line()) return emit.more();
  bool relayed = is_relayed(reader);
  Head head(reader);
  bool is_response = head.status() != 0;
  if (relayed || (!is_response && head.method().empty())) return;
  Framing framing;
  while (auto header = head.next()) {
    framing.note(*header);
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
  bool has_body = is_response ? head.status() == 200 : head.method() == "POST";
  if (has_body) body(framing, is_response ? Author::server : Author::client, reader, emit);
}

}  // namespace tapwarden::protocols
