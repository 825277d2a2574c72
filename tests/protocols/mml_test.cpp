// SPDX-License-Identifier: Apache-2.0
// Reports made from what service probes match.
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

constexpr std::string_view report =
    "+++    UGW-HUAWEI        2026-11-23 19:27:15 CET\r\nO&M    #1873\r\n%%LGI: OP=\"admin\", "
    "PWD=\"secret\";%%\r\nRETCODE = 0  Operation succeeded\r\n\r\n---    END\r\n";

Dissected said(std::string_view stream) {
  return dissect(Protocol::mml, ip_packet(6000, 50000), text(stream));
}
std::string banner(std::string_view stream) {
  Dissected result = said(stream);
  CHECK_FALSE(result.malformed);
  CHECK(result.said.size() <= 1);
  return result.one(Field::banner);
}

}  // namespace

TEST_CASE("A report of a man-machine language: sign and name, and no command") {
  CHECK(banner(report) == "+++ UGW-HUAWEI");
  CHECK(banner("+++ MSC-7 2026-11-23 19:27:15\r\n") == "+++ MSC-7");
  CHECK(banner("+++    UGW-HUAWEI        2026-11-23 19:27:15") == "");
  CHECK(said("+++    UGW-HUAWEI        2026-11-23").wants_more);
  every_prefix(Protocol::mml, ip_packet(6000, 50000), text(report));
}

TEST_CASE("What only begins with plus signs is no report") {
  for (std::string_view stream :
       {"+++ \r\n", "+++\r\n", "+++ATH0\r\n", "+++ out of cheese +++\r\n", "+++ HUAWEI\r\n",
        "+++ HUAWEI 2026-11-23\r\n", "+++ HUAWEI 2026/11/23 19:27:15\r\n",
        "+++ b/rules/HUAWEI 2026-11-23\r\n", "+++UGW-HUAWEI 2026-11-23 19:27:15\r\n",
        "++ HUAWEI 2026-11-23 19:27:15\r\n", "\r\n", ""}) {
    INFO(stream);
    CHECK(banner(stream) == "");
  }
  CHECK(banner("+++ " + std::string(65, 'x') + " 2026-11-23 19:27:15\r\n") == "");
  CHECK(banner("+++ " + std::string(65536, ' ')) == "");
  CHECK_FALSE(said("+++ " + std::string(65536, 'x')).wants_more);
}

TEST_CASE("A report is known by its content, whatever the port") {
  for (size_t port : {23, 6000, 50123}) {
    Told told;
    told(ethernet(0x0800, ipv4(6, tcp(100, 16, text(report), port))));
    CHECK(told.facts == std::vector<std::string>{"+++ UGW-HUAWEI"});
  }
}
