// SPDX-License-Identifier: Apache-2.0
// HTTP/1 (RFC 9110, 9112): what a server says it is and the realms that it guards, what a client
// says it is; and of bodies those in which a device describes itself (dissect/device_document.hpp),
// of an HTML page its title, the places that it refers to and the product that it names, and the
// number by which a server's icon is known. Of a cookie only the name, for its value is a key, and
// a product that some put behind that.
#include <array>
#include <charconv>
#include <optional>

#include "dissect/challenges.hpp"
#include "dissect/cookie_product.hpp"
#include "dissect/device_document.hpp"
#include "dissect/digest.hpp"
#include "dissect/dissectors.hpp"
#include "dissect/favicon.hpp"
#include "dissect/heads.hpp"
#include "dissect/html_product.hpp"
#include "dissect/html_references.hpp"
#include "dissect/html_title.hpp"

namespace tapwarden::protocols {

namespace {

constexpr size_t kCookieMax = 64;
constexpr size_t kIconMax = 65536;

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
  bool is_html = false;
  bool is_icon = false;
  bool is_plain = true;  // not compressed
  bool is_chunked = false;
  std::optional<size_t> size;

  void note(const Header& header) {
    if (header.is("Content-Type")) {
      is_html = begins(header.value, "text/html");
      is_icon = begins(header.value, "image/") && contains_without_case(header.value, "ico");
      is_xml = !is_html && !is_icon && contains_without_case(header.value, "xml");
    }
    if (header.is("Content-Length")) size = parse_size(header.value, 10);
    if (header.is("Content-Encoding")) is_plain = equal_without_case(header.value, "identity");
    if (header.is("Transfer-Encoding")) is_chunked = !equal_without_case(header.value, "identity");
  }
};

void page(std::string_view document, bool is_all, Emit& emit) {
  HtmlTitle title = html_title(document);
  if (!title.is_whole && !is_all) emit.more();
  emit.text(Field::title, title.text);
  html_references(document, emit);
  emit.text(Field::page_product, html_product(document));
}

void cookie(std::string_view value, Emit& emit) {
  std::string_view name = value.substr(0, value.find('='));
  if (name.size() < value.size() && name.size() <= kCookieMax) emit.text(Field::cookie_name, name);
  emit.text(Field::cookie_product, cookie_product(value));
}

/// Of a whole body only; one that does not fit into a stream's head never is.
void icon(const Framing& framing, Reader& reader, Emit& emit) {
  if (!framing.is_plain || framing.is_chunked || framing.size.value_or(0) == 0) return;
  if (reader.size() < *framing.size) {
    if (*framing.size <= kIconMax) emit.more();
    return;
  }
  Bytes icon = reader.take(*framing.size);
  std::array<char, 12> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), favicon_hash(icon)).ptr;
  emit.text(Field::favicon_hash, std::string_view(digits.data(), end));
  emit.hex(Field::favicon_md5, md5(icon));
}

/// The body, or its first chunk, as far as it is there.
void body(Framing framing, Author author, Reader& reader, Emit& emit) {
  if (framing.is_icon && author == Author::server) return icon(framing, reader, emit);
  bool is_page = framing.is_html && author == Author::server;
  if ((!framing.is_xml && !is_page) || !framing.is_plain) return;
  if (framing.is_chunked) {
    if (!reader.has_line()) return emit.more();
    std::string_view line = reader.line();
    framing.size = parse_size(line.substr(0, line.find_first_of("; \t")), 16);
    if (!framing.size) return;
  }
  std::string_view document = as_text(reader.take_up_to(framing.size.value_or(reader.size())));
  bool is_all = framing.size && document.size() == *framing.size;
  if (is_page) return page(document, is_all && !framing.is_chunked, emit);
  Reading reading = device_document(document, author, emit);
  if (reading != Reading::broken && reading != Reading::unclear) return;
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
    } else if (header->is("Set-Cookie")) {
      cookie(header->value, emit);
    } else if (header->is("WWW-Authenticate")) {
      realms(header->value, emit);
    }
  }
  if (!head.has_ended()) return emit.more();
  bool has_body = is_response ? head.status() == 200 : head.method() == "POST";
  if (has_body) body(framing, is_response ? Author::server : Author::client, reader, emit);
}

}  // namespace tapwarden::protocols
