// SPDX-License-Identifier: Apache-2.0
#include "inventory/networks.hpp"

#include "support/catch.hpp"

using namespace tapwarden;

namespace {

std::string parsed(std::string_view text) {
  auto prefix = Prefix::parse(text);
  return prefix ? to_string(*prefix) : "none";
}

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

}  // namespace

TEST_CASE("A prefix is a block of addresses, and nothing looser", "[networks]") {
  CHECK(parsed("192.0.2.0/24") == "192.0.2.0/24");
  CHECK(parsed("192.0.2.128/25") == "192.0.2.128/25");
  CHECK(parsed("0.0.0.0/0") == "0.0.0.0/0");
  CHECK(parsed("192.0.2.7") == "192.0.2.7/32");
  CHECK(parsed("2001:DB8::/32") == "2001:db8::/32");
  CHECK(parsed("2001:db8::1") == "2001:db8::1/128");
  for (const char* bad : {"", "/", "192.0.2.0/", "192.0.2.0/33", "192.0.2.1/24", "192.0.2.0/ 24",
                          "192.0.2.0/24x", "192.0.2.0/-1", "192.0.2/24", "2001:db8::/129",
                          "2001:db8::1/64", "home", "192.0.2.0/24/24"}) {
    INFO(bad);
    CHECK(parsed(bad) == "none");
  }
}

TEST_CASE("Home is what is private, and what the operator says", "[networks]") {
  Networks networks;
  for (const char* own : {"10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.0.1",
                          "fd00::1", "fe80::1"}) {
    INFO(own);
    CHECK(networks.is_home(ip(own)));
  }
  for (const char* other : {"192.0.2.1", "8.8.8.8", "2001:db8::1"}) {
    INFO(other);
    CHECK_FALSE(networks.is_home(ip(other)));
  }
  networks.home = {Prefix::parse("192.0.2.128/25").value(), Prefix::parse("2001:db8::/33").value()};
  CHECK(networks.is_home(ip("192.0.2.128")));
  CHECK(networks.is_home(ip("192.0.2.255")));
  CHECK_FALSE(networks.is_home(ip("192.0.2.127")));
  CHECK_FALSE(networks.is_home(ip("192.0.3.128")));
  CHECK(networks.is_home(ip("2001:db8:7fff::1")));
  CHECK_FALSE(networks.is_home(ip("2001:db8:8000::1")));
  CHECK(networks.is_home(ip("10.0.0.1")));
}
