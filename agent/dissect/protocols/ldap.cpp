// SPDX-License-Identifier: Apache-2.0
// LDAP (RFC 4511): what a directory server says of itself in its root entry (RFC 3045, RFC 4512
// section 5.1), and TLS behind StartTLS (section 4.14). No other entry is read.
#include <algorithm>

#include "dissect/ber.hpp"
#include "dissect/dissectors.hpp"
#include "dissect/heads.hpp"
#include "dissect/starttls.hpp"

namespace tapwarden::protocols {

namespace {

enum Operation : uint8_t {
  kBindRequest = 0x60,
  kBindResponse = 0x61,
  kSearchRequest = 0x63,
  kEntry = 0x64,
  kSearchDone = 0x65,
  kExtendedRequest = 0x77,
  kExtendedResponse = 0x78
};

constexpr uint8_t kSet = 0x31;
constexpr uint8_t kEnumerated = 0x0a;
constexpr uint8_t kRequestName = 0x80;
constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";
constexpr unsigned kMessagesMax = 8;
constexpr unsigned kAttributesMax = 128;
constexpr size_t kMessageMax = 16384;

struct Attribute {
  std::string_view type;
  Field field;
};
constexpr Attribute kAttributes[] = {{"vendorName", Field::vendor_name},
                                     {"vendorVersion", Field::vendor_version},
                                     {"dnsHostName", Field::fqdn}};

void root_entry(Reader entry, Emit& emit) {
  bool is_root = ber::contents(entry, ber::kOctetString).empty();
  if (!is_root || !entry.ok()) return;
  Reader attributes(ber::contents(entry, ber::kSequence));
  for (unsigned left = kAttributesMax; left > 0 && !attributes.empty(); --left) {
    Reader attribute(ber::contents(attributes, ber::kSequence));
    std::string_view type = as_text(ber::contents(attribute, ber::kOctetString));
    Reader values(ber::contents(attribute, kSet));
    if (!attribute.ok()) return emit.malformed();
    auto known = std::ranges::find_if(
        kAttributes, [&](const Attribute& one) { return equal_without_case(one.type, type); });
    if (known == std::end(kAttributes) || values.empty()) continue;
    Bytes value = ber::contents(values, ber::kOctetString);
    if (!values.ok()) return emit.malformed();
    emit.text(known->field, value);
  }
  if (!entry.ok() || !attributes.ok()) emit.malformed();
}

bool asks_for_tls(Reader request) {
  return as_text(ber::contents(request, kRequestName)) == kStartTls;
}
bool grants_tls(Reader response) {
  Bytes result = ber::contents(response, kEnumerated);
  return result.size() == 1 && result[0] == 0;
}

}  // namespace

void ldap(const Packet&, Reader& reader, Emit& emit) {
  for (unsigned left = kMessagesMax; left > 0; --left) {
    if (reader.empty()) return emit.more();
    Reader rest = reader;
    ber::Head head = ber::head(rest);
    bool is_head = rest.ok();
    bool is_first = left == kMessagesMax;
    // Behind a login with SASL all may be wrapped.
    if (reader.peek()[0] != ber::kSequence) return is_first ? reader.fail() : void();
    if (!is_head) return reader.size() < 6 ? emit.more() : reader.fail();
    if (head.size > kMessageMax) return;
    if (rest.size() < head.size) return emit.more();
    reader = rest;
    Reader message = reader.sub(head.size);
    ber::integer(message);
    ber::Element operation = ber::any(message);
    if (!message.ok()) return reader.fail();
    Reader body(operation.contents);
    switch (operation.tag) {
      case kExtendedRequest:
        return asks_for_tls(body) ? expect_tls(reader, emit) : void();
      case kExtendedResponse:
        return grants_tls(body) ? expect_tls(reader, emit) : void();
      case kEntry:
        root_entry(body, emit);
        break;
      case kBindResponse:
      case kSearchDone:
        break;
      default:
        return;  // a client's, or nothing that a session opens with
    }
  }
}

}  // namespace tapwarden::protocols
