// SPDX-License-Identifier: Apache-2.0
#include "dissect/certificate.hpp"

#include <algorithm>

namespace tapwarden {

namespace {

constexpr uint8_t kVersion = 0xa0;
constexpr uint8_t kExtensions = 0xa3;
constexpr uint8_t kBoolean = 0x01;
constexpr uint8_t kHost = 0x82;  // dNSName
constexpr uint8_t kSet = 0x31;
constexpr uint8_t kBmpString = 0x1e;
constexpr uint8_t kAttributeTypes[] = {0x55, 4};   // 2.5.4, id-at
constexpr uint8_t kOtherNames[] = {0x55, 29, 17};  // subjectAltName
constexpr unsigned kExtensionsMax = 32;

struct Attribute {
  uint8_t type;  ///< below id-at
  std::string_view label;
};
constexpr Attribute kAttributes[] = {{3, "CN="}, {11, "OU="}, {10, "O="},
                                     {7, "L="},  {8, "ST="},  {6, "C="}};

/// The last number of an attribute type below id-at, 0 for any other type.
uint8_t type_of(Bytes oid) {
  bool is_known = oid.size() == 3 && oid[0] == kAttributeTypes[0] && oid[1] == kAttributeTypes[1];
  return is_known ? oid[2] : 0;
}

}  // namespace

void DistinguishedName::put(char c) {
  if (size_ < text_.size()) text_[size_++] = c;
}

void DistinguishedName::append(std::string_view label, const ber::Element& element) {
  if (size_ != 0) {
    put(',');
    put(' ');
  }
  for (char c : label) put(c);
  Bytes value = element.contents;
  size_t step = element.tag == kBmpString ? 2 : 1;  // UCS-2: Latin letters only are of use here
  for (size_t i = 0; i + step <= value.size() && size_ < text_.size(); i += step) {
    bool is_wide = step == 2 && value[i] != 0;
    auto c = static_cast<char>(is_wide ? '?' : value[i + step - 1]);
    if (c == ',' || c == '\\') put('\\');
    put(c);
  }
}

bool DistinguishedName::read(Reader name) {
  for (const Attribute& wanted : kAttributes) {
    Reader rest = name;
    for (unsigned left = sets_max; left > 0 && !rest.empty(); --left) {
      Reader set = ber::enter(rest, kSet);
      while (!set.empty()) {
        Reader pair = ber::enter(set, ber::kSequence);
        Bytes type = ber::contents(pair, ber::kObjectIdentifier);
        ber::Element value = ber::any(pair);
        if (!pair.ok()) set.fail();
        if (pair.ok() && type_of(type) == wanted.type) append(wanted.label, value);
      }
      if (!set.ok()) rest.fail();
    }
    if (!rest.ok()) return false;
  }
  return true;
}

bool CertificateNames::read(Reader certificate) {
  Reader outer = ber::enter(certificate, ber::kSequence);
  Reader body = ber::enter(outer, ber::kSequence);
  if (ber::next_tag(body) == kVersion) ber::any(body);
  ber::contents(body, ber::kInteger);   // serial number
  ber::contents(body, ber::kSequence);  // signature algorithm
  Reader signer(ber::contents(body, ber::kSequence));
  ber::contents(body, ber::kSequence);  // validity
  Reader holder(ber::contents(body, ber::kSequence));
  if (!body.ok() || !issuer.read(signer) || !subject.read(holder)) return false;
  are_there_ = true;
  ber::contents(body, ber::kSequence);  // public key
  while (body.ok() && !body.empty()) {
    ber::Element part = ber::any(body);
    if (part.tag == kExtensions) return read_extensions(Reader(part.contents));
  }
  return body.ok();
}

bool CertificateNames::read_extensions(Reader list) {
  list = ber::enter(list, ber::kSequence);
  for (unsigned left = kExtensionsMax; left > 0 && !list.empty(); --left) {
    Reader extension(ber::contents(list, ber::kSequence));
    Bytes type = ber::contents(extension, ber::kObjectIdentifier);
    if (ber::next_tag(extension) == kBoolean) ber::any(extension);  // critical
    Reader value(ber::contents(extension, ber::kOctetString));
    if (!extension.ok()) return false;
    if (std::ranges::equal(type, kOtherNames)) return read_hosts(value);
  }
  return list.ok();
}

bool CertificateNames::read_hosts(Reader value) {
  Reader names(ber::contents(value, ber::kSequence));
  while (names.ok() && !names.empty() && hosts_count_ < hosts_max) {
    ber::Element name = ber::any(names);
    if (name.tag == kHost && names.ok()) hosts_[hosts_count_++] = as_text(name.contents);
  }
  return value.ok() && names.ok();
}

}  // namespace tapwarden
