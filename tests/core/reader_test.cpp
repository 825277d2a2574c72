// SPDX-License-Identifier: Apache-2.0
// Reader: each method at its end, one octet short of it, and after a failure.
#include "core/reader.hpp"

#include <functional>

#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

TEST_CASE("A reader reads numbers in both byte orders") {
  Octets octets = hex("01 0203 040506 0708090a 0b0c0d0e0f10 1112131415161718 0102 01020304");
  Reader reader{Bytes(octets)};
  CHECK(reader.u8() == 0x01);
  CHECK(reader.u16() == 0x0203);
  CHECK(reader.u24() == 0x040506);
  CHECK(reader.u32() == 0x0708090a);
  CHECK(reader.u48() == 0x0b0c0d0e0f10);
  CHECK(reader.u64() == 0x1112131415161718);
  CHECK(reader.u16le() == 0x0201);
  CHECK(reader.u32le() == 0x04030201);
  CHECK(reader.ok());
  CHECK(reader.empty());
}

TEST_CASE("A read past the end gives nothing, empties the reader and stays") {
  struct {
    size_t size;
    std::function<bool(Reader&)> reads_nothing;
  } methods[] = {
      {1, [](Reader& r) { return r.u8() == 0; }},
      {2, [](Reader& r) { return r.u16() == 0; }},
      {3, [](Reader& r) { return r.u24() == 0; }},
      {4, [](Reader& r) { return r.u32() == 0; }},
      {6, [](Reader& r) { return r.u48() == 0; }},
      {8, [](Reader& r) { return r.u64() == 0; }},
      {2, [](Reader& r) { return r.u16le() == 0; }},
      {4, [](Reader& r) { return r.u32le() == 0; }},
      {6, [](Reader& r) { return !r.mac(); }},
      {4, [](Reader& r) { return !r.ipv4(); }},
      {16, [](Reader& r) { return !r.ipv6(); }},
      {5, [](Reader& r) { return r.take(5).empty(); }},
      {5, [](Reader& r) { return r.text(5).empty(); }},
      {5, [](Reader& r) { return r.skip(5), true; }},
      {5,
       [](Reader& r) {
         Reader inner = r.sub(5);
         return !inner.ok() && inner.empty();
       }},
  };
  for (const auto& method : methods) {
    INFO(method.size);
    for (size_t size = 0; size < method.size; ++size) {
      Octets octets(size, uint8_t{0xff});
      octets.shrink_to_fit();
      Reader reader{Bytes(octets)};
      CHECK(method.reads_nothing(reader));
      CHECK_FALSE(reader.ok());
      CHECK(reader.empty());
      CHECK(reader.u8() == 0);
      CHECK(reader.take_rest().empty());
      CHECK(reader.take_up_to(4).empty());
      CHECK(reader.take(0).empty());
      CHECK_FALSE(reader.ok());
    }
    Octets octets(method.size, uint8_t{0xff});
    Reader reader{Bytes(octets)};
    method.reads_nothing(reader);
    CHECK(reader.ok());
    CHECK(reader.empty());
  }
}

TEST_CASE("Sizes near the largest number do not wrap") {
  Octets octets = hex("010203");
  Reader reader{Bytes(octets)};
  CHECK(reader.peek(SIZE_MAX).empty());
  CHECK(reader.ok());
  CHECK(reader.take_up_to(SIZE_MAX).size() == 3);
  CHECK(reader.ok());
  CHECK(reader.take(SIZE_MAX).empty());
  CHECK_FALSE(reader.ok());
}

TEST_CASE("What cannot fail does not") {
  Octets octets = hex("010203");
  Reader reader{Bytes(octets)};
  CHECK(reader.peek(2).size() == 2);
  CHECK(reader.peek(4).empty());
  CHECK(reader.peek().size() == 3);
  CHECK(reader.take_up_to(2).size() == 2);
  CHECK(reader.take_rest().size() == 1);
  CHECK(reader.take_rest().empty());
  CHECK(reader.take(0).empty());
  CHECK(reader.ok());
  CHECK(Reader().ok());
  CHECK(Reader().empty());
}

TEST_CASE("A cursor of its own fails alone") {
  Octets octets = hex("01020304");
  Reader reader{Bytes(octets)};
  Reader inner = reader.sub(2);
  CHECK(inner.u32() == 0);
  CHECK_FALSE(inner.ok());
  CHECK(reader.ok());
  CHECK(reader.u16() == 0x0304);
  Reader failed{Bytes(octets)};
  failed.fail();
  CHECK(failed.empty());
  CHECK_FALSE(failed.sub(0).ok());
}

TEST_CASE("Lines end with LF or CRLF") {
  Octets octets = text("one\r\ntwo\n\n\r\nr\rest");
  Reader reader{Bytes(octets)};
  CHECK(reader.line() == "one");
  CHECK(reader.line() == "two");
  CHECK(reader.line() == "");
  CHECK(reader.has_line());
  CHECK(reader.line() == "");
  CHECK_FALSE(reader.has_line());
  CHECK(reader.line() == "");
  CHECK(reader.ok());
  CHECK(reader.text(5) == "r\rest");
}
