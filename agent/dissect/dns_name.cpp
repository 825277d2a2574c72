// SPDX-License-Identifier: Apache-2.0
#include "dissect/dns_name.hpp"

#include <algorithm>

namespace tapwarden {

bool DnsName::read(Reader& reader, Bytes message) {
  labels_ = 0;
  starts_[0] = 0;
  if (read_labels(reader, message)) return true;
  labels_ = 0;
  reader.fail();
  return false;
}

bool DnsName::read_labels(Reader& reader, Bytes message) {
  if (!reader.ok()) return false;
  Reader away;  // where pointers lead; the caller's reader goes no further than the first one
  Reader* at = &reader;
  size_t segment = static_cast<size_t>(reader.peek().data() - message.data());
  for (int hops = 0;;) {
    uint8_t size = at->u8();
    if (!at->ok()) return false;
    if (size == 0) return true;
    if (size < 0x40) {
      Bytes label = at->take(size);
      if (!at->ok() || !append(label)) return false;
      continue;
    }
    if (size < 0xc0) return false;  // reserved
    size_t target = static_cast<size_t>(size & 0x3f) << 8 | at->u8();
    if (!at->ok() || target >= segment || ++hops > hops_max) return false;
    segment = target;
    away = Reader(message.subspan(target));
    at = &away;
  }
}

bool DnsName::append(Bytes label) {
  size_t start = starts_[labels_];
  // On the wire a length octet stands for each dot here, and two more: this label's and the root's.
  if (labels_ == labels_max || start + label.size() + 2 > octets_max) return false;
  std::ranges::copy(as_text(label), octets_.begin() + static_cast<std::ptrdiff_t>(start));
  octets_[start + label.size()] = '.';
  starts_[++labels_] = static_cast<uint8_t>(start + label.size() + 1);
  return true;
}

std::string_view DnsName::label(size_t index) const { return range(index, index + 1); }

std::string_view DnsName::range(size_t first, size_t last) const {
  last = std::min(last, labels_);
  if (first >= last) return {};
  size_t start = starts_[first];
  return {octets_.data() + start, starts_[last] - start - 1};
}

bool DnsName::is_under(std::string_view top) const {
  return labels_ > 1 && same_label(label(labels_ - 1), top);
}

bool same_label(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace tapwarden
