// SPDX-License-Identifier: Apache-2.0
#include "dissect/dns_name.hpp"

#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

struct Read {
  DnsName name;
  bool ok = false;
  size_t left = 0;
};

Read read_at(const Octets& message, size_t offset) {
  Read read;
  Reader reader(Bytes(message).subspan(offset));
  read.ok = read.name.read(reader, message);
  CHECK(read.ok == reader.ok());
  read.left = reader.size();
  return read;
}

Octets labels(size_t count, size_t size) {
  Octets name;
  for (size_t i = 0; i < count; ++i) {
    name.push_back(static_cast<uint8_t>(size));
    name.insert(name.end(), size, 'x');
  }
  return name;
}

}  // namespace

TEST_CASE("A DNS name keeps its labels apart, dots and all") {
  Octets message = text(
                       "\x0a"
                       "Dr. Who #1") +
                   text("\x05_http\x04_tcp\x05LOCAL") + hex("00 ff");
  Read read = read_at(message, 0);
  REQUIRE(read.ok);
  CHECK(read.left == 1);
  CHECK(read.name.labels() == 4);
  CHECK(read.name.label(0) == "Dr. Who #1");
  CHECK(read.name.label(4).empty());
  CHECK(read.name.range(1, 3) == "_http._tcp");
  CHECK(read.name.range(3, 99) == "LOCAL");
  CHECK(read.name.view() == "Dr. Who #1._http._tcp.LOCAL");
  CHECK(read.name.is_under("local"));
  CHECK_FALSE(read.name.is_under("loca"));
}

TEST_CASE("The root is a name without labels") {
  Read read = read_at(hex("00"), 0);
  CHECK(read.ok);
  CHECK(read.name.labels() == 0);
  CHECK(read.name.view().empty());
  CHECK_FALSE(read.name.is_under("local"));
}

TEST_CASE("A single label is not under itself") {
  CHECK_FALSE(read_at(text("\x05local") + hex("00"), 0).name.is_under("local"));
}

TEST_CASE("Compression pointers lead backwards and the reader goes on behind the first") {
  Octets message = text("\x05local") + hex("00") +
                   text(
                       "\x03"
                       "foo") +
                   hex("c000") +
                   text(
                       "\x03"
                       "bar") +
                   hex("c007 abcd");
  Read foo = read_at(message, 7);
  CHECK(foo.name.view() == "foo.local");
  Read bar = read_at(message, 13);
  CHECK(bar.ok);
  CHECK(bar.name.view() == "bar.foo.local");
  CHECK(bar.left == 2);
}

TEST_CASE("Compression loops, forward pointers and reserved labels are malformed") {
  CHECK_FALSE(read_at(hex("c000"), 0).ok);            // to itself
  CHECK_FALSE(read_at(hex("0000 c004 c002"), 4).ok);  // forward from the second
  CHECK_FALSE(read_at(hex("01 61 c000"), 0).ok);      // to its own start
  CHECK_FALSE(read_at(hex("00 01 61 c001"), 1).ok);   // the same, not at the message's start
  CHECK_FALSE(read_at(hex("c0 ff"), 0).ok);           // beyond the message
  CHECK_FALSE(read_at(hex("41 61 00"), 0).ok);        // extended label type (RFC 2671)
  CHECK_FALSE(read_at(hex("81 61 00"), 0).ok);
  CHECK_FALSE(read_at(hex("c0"), 0).ok);
  CHECK_FALSE(read_at(hex("03 61 62"), 0).ok);
  CHECK_FALSE(read_at(Octets{}, 0).ok);
  CHECK(read_at(hex("01 61 c000"), 0).name.view().empty());
}

TEST_CASE("Pointers that only point to pointers are bounded") {
  Octets message = hex("00 00");
  for (uint8_t i = 0; i < 100; ++i) {
    message.push_back(0xc0);
    message.push_back(static_cast<uint8_t>(i * 2));
  }
  CHECK(read_at(message, 2 * DnsName::hops_max).ok);
  CHECK_FALSE(read_at(message, 2 * DnsName::hops_max + 2).ok);
}

TEST_CASE("A DNS name has at most 255 octets") {
  CHECK(read_at(labels(127, 1) + hex("00"), 0).name.labels() == 127);
  CHECK_FALSE(read_at(labels(128, 1) + hex("00"), 0).ok);
  Octets most = labels(3, 63) + labels(1, 61) + hex("00");
  REQUIRE(most.size() == 255);
  CHECK(read_at(most, 0).name.view().size() == 253);
  CHECK_FALSE(read_at(labels(3, 63) + labels(1, 62) + hex("00"), 0).ok);
}
