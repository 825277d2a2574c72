// SPDX-License-Identifier: Apache-2.0
// BER elements (X.690, section 8.1) over a Reader: definite lengths in short and long form, tags
// of one octet. Nothing recurses: a caller steps into the elements that it knows and no further.
#pragma once

#include <cstdint>

#include "core/reader.hpp"

namespace tapwarden::ber {

enum Tag : uint8_t {
  kInteger = 0x02,
  kOctetString = 0x04,
  kObjectIdentifier = 0x06,
  kSequence = 0x30,
};

struct Head {
  uint8_t tag = 0;
  size_t size = 0;  ///< of the contents, as claimed
};

/// Identifier and length octets. Indefinite lengths, lengths of more than four octets and tags of
/// more than one fail.
inline Head head(Reader& reader) {
  Head head{reader.u8(), reader.u8()};
  bool long_form = (head.size & 0x80) != 0;
  if (long_form) {
    size_t octets = head.size & 0x7f;
    if (octets == 0 || octets > 4) reader.fail();
    head.size = 0;
    for (; octets > 0 && reader.ok(); --octets) head.size = head.size << 8 | reader.u8();
  }
  if ((head.tag & 0x1f) == 0x1f) reader.fail();
  return reader.ok() ? head : Head{};
}

/// The tag of the next element without taking it; 0 when nothing is left.
inline uint8_t next_tag(const Reader& reader) { return reader.empty() ? 0 : reader.peek()[0]; }

/// Steps into the next element, which must have this tag. Contents that end early can be read as
/// far as they are there, but fail `outer`: nothing trustworthy is behind them.
inline Reader enter(Reader& outer, uint8_t tag) {
  Head element = head(outer);
  if (element.tag != tag) outer.fail();
  Reader inner(outer.take_up_to(element.size));
  if (inner.size() < element.size) outer.fail();
  if (inner.empty() && !outer.ok()) inner.fail();
  return inner;
}

/// The contents of the next element, which must have this tag and be whole.
inline Bytes contents(Reader& reader, uint8_t tag) {
  Head element = head(reader);
  if (element.tag != tag) reader.fail();
  return reader.take(element.size);
}

struct Element {
  uint8_t tag = 0;
  Bytes contents;
};

/// The next element whatever it is.
inline Element any(Reader& reader) {
  Head element = head(reader);
  return {element.tag, reader.take(element.size)};
}

/// An INTEGER of at most eight octets.
inline int64_t integer(Reader& reader) {
  Bytes octets = contents(reader, kInteger);
  if (octets.empty() || octets.size() > 8) {
    reader.fail();
    return 0;
  }
  uint64_t value = (octets[0] & 0x80) != 0 ? ~uint64_t{0} : 0;
  for (uint8_t octet : octets) value = value << 8 | octet;
  return static_cast<int64_t>(value);
}

}  // namespace tapwarden::ber
