// SPDX-License-Identifier: Apache-2.0
#include "identify/lookup.hpp"

#include "support/catch.hpp"
#include "support/inventory.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

/// "kind text (supplier)" for each finding.
Lines found(std::string_view value) {
  Lines lines;
  for (const Finding& finding : look_up(made_up_knowledge(), value))
    lines.push_back(finding.kind + " " + finding.text + " (" + finding.supplier + ")");
  return lines;
}

}  // namespace

TEST_CASE("Lookup: an address, whole or its beginning, in every way of writing it", "[lookup]") {
  Lines acme{"registrant 00:e0:fc (24 bits): Acme Ltd, CN (acme)", "supplier Acme (acme)"};
  for (const char* value : {"00:e0:fc:12:34:56", "00-E0-FC-12-34-56", "00e0.fc12.3456",
                            "00e0fc123456", "00:E0:FC", "00e0fc", "00:e0:fc:1", "00e0fc1"}) {
    INFO(value);
    CHECK(found(value) == acme);
  }
  CHECK(found("00:e1:00:00:00:01") == Lines{"registrant 00:e1:00 (24 bits): Somebody Ltd, US ()"});
}

TEST_CASE("Lookup: what is no address is not taken for one", "[lookup]") {
  for (const char* value : {"00:e0:f", "00:e0", "0:0e:0f:c0", "00:e0:fc:12:34:56:78", "00:e0:fg",
                            "fe80::2e0:fcff:fe12:3456", "10.0.0.1", ":::", "------"}) {
    INFO(value);
    CHECK(found(value) == Lines{});
  }
}

TEST_CASE("Lookup: a number, alone and in an object identifier", "[lookup]") {
  CHECK(found("77") == Lines{"enterprise 77: ACME (acme)", "supplier Acme (acme)"});
  CHECK(found("1.3.6.1.4.1.77") == found("77"));
  CHECK(found(".1.3.6.1.4.1.77.2.3") == found("77"));
  CHECK(found("79") == Lines{"enterprise 79: Somebody ()"});
  for (const char* none : {"80", "-77", "77x", "4294967296", "1.3.6.1.4.1", "1.3.6.1.2.1.77"}) {
    INFO(none);
    CHECK(found(none) == Lines{});
  }
}

TEST_CASE("Lookup: a text in every field of every protocol that knows it", "[lookup]") {
  CHECK(found("maybe ACME") == Lines{"fingerprint ssh banner: platform, medium (acme)",
                                     "fingerprint http server: platform, medium (acme)"});
}

TEST_CASE("Lookup: hostile values do no harm", "[lookup]") {
  CHECK(found(std::string(1 << 20, 'a')) == Lines{});
  CHECK(found(std::string(1 << 20, '0')) == Lines{});
  CHECK(found(std::string(5000, ' ') + "ACME") == Lines{});  // beyond what is looked at
  CHECK(found(std::string("\0\xff\x1b", 3)) == Lines{});
}
