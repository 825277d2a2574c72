// SPDX-License-Identifier: Apache-2.0
#include "dissect/ja4.hpp"

#include "dissect/digest.hpp"
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

std::string written(Ja4& ja4, Carrier carrier = Carrier::stream) {
  std::array<char, 36> text;
  return std::string(ja4.write(carrier, text));
}
std::string alpn_of(std::string_view name) {
  Ja4 ja4(0x0303);
  Octets list{0, static_cast<uint8_t>(name.size() + 1), static_cast<uint8_t>(name.size())};
  list = list + text(name);
  ja4.alpn(Reader{Bytes(list)});
  return written(ja4).substr(8, 2);
}
std::string version_of(uint16_t legacy, std::string_view versions) {
  Ja4 ja4(legacy);
  Octets list = hex(versions);
  list.insert(list.begin(), static_cast<uint8_t>(list.size()));
  ja4.supported_versions(Reader{Bytes(list)});
  return written(ja4).substr(1, 2);
}

}  // namespace

TEST_CASE("JA4: the example that its definition gives") {
  Ja4 ja4(0x0303);
  for (int suite : {0x5a5a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,
                    0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035}) {
    ja4.cipher(static_cast<uint16_t>(suite));
  }
  for (int type : {0x1a1a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005,
                   0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015, 0xfafa}) {
    ja4.extension(static_cast<uint16_t>(type));
  }
  Octets versions = hex("06 4a4a 0304 0303");
  Octets algorithms = hex("0010 0403 0804 0401 0503 0805 0501 0806 0601");
  Octets protocols = hex("000c 02 6832 08 687474702f312e31");
  ja4.supported_versions(Reader{Bytes(versions)});
  ja4.signature_algorithms(Reader{Bytes(algorithms)});
  ja4.alpn(Reader{Bytes(protocols)});
  CHECK(written(ja4) == "t13d1516h2_8daaf6152771_e5627efa2ab1");
  CHECK(written(ja4, Carrier::quic) == "q13d1516h2_8daaf6152771_e5627efa2ab1");
}

TEST_CASE("JA4: nothing offered") {
  Ja4 ja4(0x0303);
  CHECK(written(ja4) == "t12i000000_000000000000_000000000000");
  ja4.extension(0);
  ja4.extension(16);
  CHECK(written(ja4) == "t12d000200_000000000000_000000000000");
}

TEST_CASE("JA4: the newest version, and how each is written") {
  CHECK(version_of(0x0303, "0303 0304 0302") == "13");
  CHECK(version_of(0x0303, "7a7a 0302 0301") == "11");
  CHECK(version_of(0xfefd, "feff fefc fefd") == "d3");
  CHECK(version_of(0x0303, "7f1c 0303") == "00");  // a draft's
  CHECK(version_of(0x0303, "") == "12");
  CHECK(version_of(0x0300, "") == "s3");
  CHECK(version_of(0x0002, "") == "s2");
  CHECK(version_of(0xfeff, "") == "d1");
  CHECK(version_of(0x1234, "") == "00");
}

TEST_CASE("JA4: the first protocol's ends, in digits where they are no letters") {
  CHECK(alpn_of("h2") == "h2");
  CHECK(alpn_of("http/1.1") == "h1");
  CHECK(alpn_of("x") == "xx");
  CHECK(alpn_of("\xab") == "ab");
  CHECK(alpn_of("\xab\xcd") == "ad");
  CHECK(alpn_of("0\xab") == "3b");
  CHECK(alpn_of("") == "00");
}

TEST_CASE("JA4: counts end at 99, and too many have no fingerprint") {
  Ja4 ja4(0x0303);
  for (uint16_t i = 0; i < 150; ++i) ja4.cipher(i);
  CHECK(written(ja4).substr(0, 8) == "t12i9900");
  for (uint16_t i = 0; i < 200; ++i) ja4.extension(i);
  CHECK(written(ja4).substr(0, 8) == "t12d9999");
  for (uint16_t i = 0; i < 100; ++i) ja4.extension(i);
  CHECK(written(ja4).empty());
}

TEST_CASE("Digests of what FIPS 180-4 and RFC 1321 give as examples") {
  auto digits = [](const auto& digest) { return Octets(digest.begin(), digest.end()); };
  CHECK(digits(Sha256().add("a").add("bc").digest()) ==
        hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  Octets letters = text("message digest");
  CHECK(digits(md5(Bytes(letters))) == hex("f96b697d7cb7938d525a2f31aaf161d0"));
}
