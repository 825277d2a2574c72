// SPDX-License-Identifier: Apache-2.0
#include "report/community_id.hpp"

#include "support/catch.hpp"

using namespace tapwarden;

namespace {

Flow flow(const char* source, uint16_t source_port, const char* target, uint16_t target_port,
          uint8_t protocol) {
  return {*IpAddress::parse(source), *IpAddress::parse(target), source_port, target_port, protocol};
}

}  // namespace

// What other programs publish of themselves as their results; tests/oracle asks tshark besides.
TEST_CASE("Community id: both directions bear the published name", "[report]") {
  const char* expected = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
  CHECK(community_id(flow("128.232.110.120", 34855, "66.35.250.204", 80, 6)) == expected);
  CHECK(community_id(flow("66.35.250.204", 80, "128.232.110.120", 34855, 6)) == expected);
  CHECK(community_id(flow("1.2.3.4", 4584, "43.3.132.3", 3483, 6)) ==
        "1:koNcqhFRD5kb254ZrLsdv630jCM=");
}

TEST_CASE("Community id: protocol, seed and ports each make another name", "[report]") {
  Flow tcp = flow("10.0.0.1", 1234, "10.0.0.1", 80, 6);
  Flow udp = tcp;
  udp.ip_protocol = 17;
  Flow back = flow("10.0.0.1", 80, "10.0.0.1", 1234, 6);
  CHECK(community_id(tcp) == community_id(back));
  CHECK(community_id(tcp) != community_id(udp));
  CHECK(community_id(tcp) != community_id(tcp, 1));
  CHECK(community_id(tcp).size() == 30);
}

TEST_CASE("Community id: no flow has none", "[report]") { CHECK(community_id(Flow{}).empty()); }
