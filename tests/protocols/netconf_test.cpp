// SPDX-License-Identifier: Apache-2.0
// Hellos are made from the format and from capability URIs that makers publish: no capture known to
// us has one in clear.
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Texts = std::vector<std::string>;

Dissected netconf(std::string_view stream) {
  return dissect(Protocol::netconf, ip_packet(830, 50000), text(stream));
}
std::string hello(std::string_view capabilities) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<hello xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">\n  <capabilities>" +
         std::string(capabilities) +
         "</capabilities>\n  <session-id>4</session-id>\n</hello>]]>]]>";
}
std::string capability(std::string_view uri) {
  return "<capability>" + std::string(uri) + "</capability>\n";
}
const std::string standard = capability("urn:ietf:params:netconf:base:1.0") +
                             capability("http://openconfig.net/yang/interfaces?module=x");

}  // namespace

TEST_CASE("NETCONF: capabilities that no standard names") {
  Dissected result = netconf(
      hello(standard + capability(" http://www.huawei.com/netconf/capability/sync/1.0\n") +
            capability("http://www.huawei.com/netconf/vrp?module=huawei-ifm&amp;revision=1")));
  CHECK(result.all(Field::capability) ==
        Texts{"http://www.huawei.com/netconf/capability/sync/1.0",
              "http://www.huawei.com/netconf/vrp?module=huawei-ifm&revision=1"});
  CHECK(result.said.size() == 2);
  CHECK_FALSE(result.malformed);
  CHECK_FALSE(result.wants_more);
}

TEST_CASE("NETCONF: what names nobody, is something else or is cut") {
  CHECK(netconf(hello(standard)).said.empty());
  CHECK_FALSE(netconf(hello(standard)).malformed);
  CHECK(netconf("SSH-2.0-x\r\n").said.empty());
  CHECK_FALSE(netconf("SSH-2.0-x\r\n").wants_more);
  CHECK(netconf("<rpc><capabilities><capability>x</capability></capabilities></rpc>").said.empty());
  CHECK(netconf("<hello><capability>x</capability></hello>").said.empty());
  CHECK(netconf("  \r\n").wants_more);
  CHECK(netconf(hello(standard).substr(0, 150)).wants_more);
  CHECK(netconf("<hello><capabilities></hello>]]>]]>").malformed);
  // A client that is made for such servers, and gives no number to the session; on whatever port.
  std::string client =
      hello(capability("http://www.huawei.com/netconf/capability/execute-cli/1.0"));
  client.replace(client.find("<session-id>4</session-id>"), 26, "");
  Dissected from_client = dissect(Protocol::netconf, ip_packet(50000, 830), text(client));
  CHECK(from_client.said.empty());
  CHECK_FALSE(from_client.malformed);
  CHECK_FALSE(from_client.wants_more);
  std::string many;
  for (int i = 0; i < 20; ++i) many += capability("http://maker.example/" + std::to_string(i));
  CHECK(netconf(hello(many)).said.size() == 8);
  CHECK_FALSE(netconf(hello(many)).wants_more);
}

TEST_CASE("NETCONF cut anywhere") {
  every_prefix(Protocol::netconf, ip_packet(830, 50000),
               text(hello(standard + capability("http://maker.example/a"))));
}
