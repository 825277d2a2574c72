// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Packet nd_packet(std::string_view source_ip = "fe80::1") {
  Packet packet = link_packet();
  packet.source_ip = *IpAddress::parse(source_ip);
  packet.target_ip = *IpAddress::parse("ff02::1");
  packet.hop_limit = 255;
  return packet;
}

const Octets solicitation =
    hex("87 00 1234 00000000 fe800000000000000000000000000002"
        "01 01 00e0fc123456");

const Octets advertisement =
    hex("88 00 1234 60000000 20010db8000000000000000000000007"
        "02 01 00e0fc123456");

/// As a home router sends it: prefix, RDNSS, MTU and source link-layer address.
const Octets router_advertisement =
    hex("86 00 1234 40 c0 0708 00000000 00000000"
        "03 04 40 c0 00015180 00003840 00000000 20010db8000000000000000000000000"
        "19 03 0000 000004b0 fe800000000000000000000000000001"
        "05 01 0000 000005dc"
        "01 01 00e0fc123456");

}  // namespace

TEST_CASE("ND solicitations bind the sender's MAC to the sender's address") {
  Dissected ns = dissect(Protocol::nd, nd_packet(), solicitation);
  REQUIRE(ns.said.size() == 1);
  CHECK(ns.one(Field::binding) == "fe80::1");
  CHECK(to_string(ns.said[0].mac) == "00:e0:fc:12:34:56");
  CHECK(to_string(ns.said[0].ip) == "fe80::1");
  CHECK(ns.said[0].mac_is_own);
  CHECK_FALSE(ns.malformed);

  Dissected rs = dissect(Protocol::nd, nd_packet(), hex("85 00 1234 00000000 01 01 00e0fc123456"));
  REQUIRE(rs.said.size() == 1);
  CHECK(rs.one(Field::binding) == "fe80::1");
  CHECK(to_string(rs.said[0].mac) == "00:e0:fc:12:34:56");
}

TEST_CASE("ND duplicate address detection says nothing") {
  CHECK(dissect(Protocol::nd, nd_packet("::"), solicitation).said.empty());
  Octets nonce = hex("87 00 1234 00000000 fe800000000000000000000000000002 0e 01 010203040506");
  Dissected dad = dissect(Protocol::nd, nd_packet("::"), nonce);
  CHECK(dad.said.empty());
  CHECK_FALSE(dad.malformed);
}

TEST_CASE("ND advertisements bind the target, which need not be the packet's source") {
  Dissected na = dissect(Protocol::nd, nd_packet(), advertisement);
  REQUIRE(na.said.size() == 1);
  CHECK(na.one(Field::binding) == "2001:db8::7");
  CHECK(to_string(na.said[0].mac) == "00:e0:fc:12:34:56");
  CHECK(to_string(na.said[0].ip) == "2001:db8::7");
}

TEST_CASE(
    "An ND advertisement without a link-layer address binds the frame's source, if it speaks "
    "of itself") {
  Octets bare(advertisement.begin(), advertisement.begin() + 24);
  Dissected own = dissect(Protocol::nd, nd_packet("2001:db8::7"), bare);
  REQUIRE(own.said.size() == 1);
  CHECK(own.one(Field::binding) == "2001:db8::7");
  CHECK(to_string(own.said[0].mac) == "00:00:5e:00:53:01");

  Dissected other = dissect(Protocol::nd, nd_packet("2001:db8::8"), bare);
  CHECK(other.said.empty());
  CHECK_FALSE(other.malformed);
}

TEST_CASE("ND router advertisements tell of a router and bind its address") {
  Dissected ra = dissect(Protocol::nd, nd_packet(), router_advertisement);
  REQUIRE(ra.said.size() == 2);
  CHECK(ra.one(Field::router) == "ra lifetime 1800");
  CHECK(to_string(ra.said[0].mac) == "00:00:5e:00:53:01");
  CHECK(ra.said[0].mac_is_own);
  CHECK(ra.one(Field::binding) == "fe80::1");
  CHECK(to_string(ra.said[1].mac) == "00:e0:fc:12:34:56");
  CHECK_FALSE(ra.malformed);

  Dissected global = dissect(Protocol::nd, nd_packet("2001:db8::1"), router_advertisement);
  CHECK(global.said.empty());
  CHECK(global.malformed);
}

TEST_CASE("ND from beyond a router, or with a code, is malformed and says nothing") {
  Packet far = nd_packet();
  far.hop_limit = 254;
  for (const Octets& message : {solicitation, advertisement, router_advertisement}) {
    Dissected forged = dissect(Protocol::nd, far, message);
    CHECK(forged.said.empty());
    CHECK(forged.malformed);

    Octets coded = message;
    coded[1] = 1;
    CHECK(dissect(Protocol::nd, nd_packet(), coded).said.empty());
    CHECK(dissect(Protocol::nd, nd_packet(), coded).malformed);
  }
}

TEST_CASE("ND options that lie") {
  Octets loop = hex("87 00 1234 00000000 fe800000000000000000000000000002 01 00 00e0fc123456");
  CHECK(dissect(Protocol::nd, nd_packet(), loop).malformed);
  CHECK(dissect(Protocol::nd, nd_packet(), loop).said.empty());

  Octets over = hex("87 00 1234 00000000 fe800000000000000000000000000002 01 02 00e0fc123456");
  CHECK(dissect(Protocol::nd, nd_packet(), over).malformed);
  CHECK(dissect(Protocol::nd, nd_packet(), over).said.empty());

  Octets cut_after = solicitation + hex("01");
  CHECK(dissect(Protocol::nd, nd_packet(), cut_after).malformed);
  CHECK(dissect(Protocol::nd, nd_packet(), cut_after).said.size() == 1);

  Octets twice = solicitation + hex("01 01 00e0fc999999");
  CHECK(dissect(Protocol::nd, nd_packet(), twice).said.size() == 1);

  Octets eight_octets =
      hex("87 00 1234 00000000 fe800000000000000000000000000002"
          "01 02 0123456789abcdef 000000000000");
  CHECK(dissect(Protocol::nd, nd_packet(), eight_octets).said.empty());
  CHECK_FALSE(dissect(Protocol::nd, nd_packet(), eight_octets).malformed);

  for (const char* mac : {"000000000000", "01005e000001"}) {
    Octets no_host(solicitation.begin(), solicitation.begin() + 26);
    CHECK(dissect(Protocol::nd, nd_packet(), no_host + hex(mac)).said.empty());
  }

  Octets group = advertisement;
  group[8] = 0xff;
  CHECK(dissect(Protocol::nd, nd_packet(), group).said.empty());
  CHECK(dissect(Protocol::nd, nd_packet(), group).malformed);
}

TEST_CASE("ND redirects are not believed") {
  Octets redirect =
      hex("89 00 1234 00000000 fe800000000000000000000000000002 20010db8000000000000000000000007"
          "02 01 00e0fc123456");
  CHECK(dissect(Protocol::nd, nd_packet(), redirect).said.empty());
  CHECK_FALSE(dissect(Protocol::nd, nd_packet(), redirect).malformed);
}

TEST_CASE("ND cut anywhere") {
  for (const Octets& message : {solicitation, advertisement, router_advertisement}) {
    every_prefix(Protocol::nd, nd_packet(), message);
  }
}
