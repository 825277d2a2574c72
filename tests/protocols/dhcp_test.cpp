// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

const Octets cookie = hex("63825363");
const Octets discover = hex("35 01 01");
const Octets offer = hex("35 01 02");
const Octets ack = hex("35 01 05");
const Octets end = hex("ff");
const Octets nobody = hex("00000000");
const Octets chaddr = hex("00e0fc123456");

/// A message up to the cookie, which is not in it.
Octets bootp(uint8_t operation, const Octets& ciaddr, const Octets& yiaddr,
             const Octets& mac = chaddr, const Octets& sname = {}, const Octets& file = {}) {
  Octets head = Octets{operation, 1, 6, 0} + hex("0000a5a5 0000 0000") + ciaddr + yiaddr + nobody +
                nobody + mac + Octets(10);
  return head + sname + Octets(64 - sname.size()) + file + Octets(128 - file.size());
}

Octets option(uint8_t code, const Octets& value) {
  return Octets{code, static_cast<uint8_t>(value.size())} + value;
}

Octets request(const Octets& options, const Octets& mac = chaddr) {
  return bootp(1, nobody, nobody, mac) + cookie + options;
}

Octets reply(const Octets& options) { return bootp(2, nobody, hex("c0000205")) + cookie + options; }

Dissected from_client(const Octets& message) {
  return dissect(Protocol::dhcp, ip_packet(68, 67), message);
}

Dissected from_server(const Octets& message) {
  return dissect(Protocol::dhcp, ip_packet(67, 68), message);
}

const Octets full_discover = request(
    discover + option(61, hex("01 00e0fc123456")) + option(12, text("cam-7")) +
    option(60, text("udhcp 1.19.4")) + hex("3902 05dc") + option(55, hex("01 03 06 0f 2a ff")) +
    option(77, text("iPXE")) + option(43, hex("8004 01020304")) +
    option(81, hex("00 00 00") + text("cam-7.example")) +
    option(124, hex("000007db 03") + text("abc") + hex("000009bf 02 0001")) +
    option(125, hex("00000de9 08 01 06") + text("00E0FC")) + hex("00 00") + end + hex("00 00"));

}  // namespace

TEST_CASE("DHCP: the items of a vendor class, and one whose lengths do not fill it") {
  Dissected dhcp = from_client(request(
      discover +
      option(124, hex("000007db 09 03") + text("abc") + hex("04") + text("AP40") +
                      hex("000009bf 03 02") + text("ab") + hex("000009c0 03 03") + text("ab")) +
      end));
  CHECK(dhcp.all(Field::vendor_class_data) ==
        std::vector<std::string>{"abc", "AP40", "ab", "036162"});
}

TEST_CASE("DHCP discover: everything a client says is about chaddr") {
  Dissected dhcp = from_client(full_discover);
  CHECK(dhcp.said.size() == 14);
  CHECK(dhcp.one(Field::organization_oui) == "00E0FC");
  CHECK(dhcp.one(Field::client_mac) == "00:e0:fc:12:34:56");
  CHECK(dhcp.one(Field::host_name) == "cam-7");
  CHECK(dhcp.one(Field::vendor_class) == "udhcp 1.19.4");
  CHECK(dhcp.one(Field::parameter_list) == "1,3,6,15,42,255");
  CHECK(dhcp.one(Field::user_class) == "iPXE");
  CHECK(dhcp.all(Field::vendor_info) ==
        std::vector<std::string>{"800401020304", "0106303045304643"});
  CHECK(dhcp.one(Field::fqdn) == "cam-7.example");
  CHECK(dhcp.all(Field::vendor_enterprise) == std::vector<std::string>{"2011", "2495", "3561"});
  CHECK(dhcp.all(Field::vendor_class_data) == std::vector<std::string>{"abc", "0001"});
  CHECK_FALSE(dhcp.malformed);
  for (const Said& said : dhcp.said) {
    CHECK(to_string(said.mac) == "00:e0:fc:12:34:56");
    CHECK_FALSE(said.ip);
    CHECK(said.mac_is_own);
  }
}

TEST_CASE("DHCP discover of a telephone, as captured") {
  Dissected dhcp = from_client(request(hex("350101 3d0701000b8201fc42 320400000000 37040103062a ff"
                                           "00000000000000"),
                                       hex("000b8201fc42")));
  REQUIRE(dhcp.said.size() == 2);
  CHECK(dhcp.one(Field::client_mac) == "00:0b:82:01:fc:42");
  CHECK(dhcp.one(Field::parameter_list) == "1,3,6,42");
  CHECK(to_string(dhcp.said[0].mac) == "00:0b:82:01:fc:42");
}

TEST_CASE("DHCP through a relay is still about chaddr, and the relay says which port") {
  Octets relayed =
      bootp(1, nobody, nobody) + cookie + discover + option(12, text("onu-1")) +
      option(82, hex("01 06") + text("0/1/12") + hex("02 06 001122334455 05 04 c0000201")) + end;
  relayed[3] = 1;
  std::ranges::copy(hex("c0000201"), relayed.begin() + 24);
  Dissected dhcp = dissect(Protocol::dhcp, ip_packet(67, 67), relayed);
  CHECK(dhcp.said.size() == 3);
  CHECK(dhcp.one(Field::host_name) == "onu-1");
  CHECK(dhcp.one(Field::relay_circuit) == "0/1/12");
  CHECK(dhcp.one(Field::relay_remote) == "001122334455");
  for (const Said& said : dhcp.said) {
    CHECK(to_string(said.mac) == "00:e0:fc:12:34:56");
    CHECK_FALSE(said.ip);
  }
}

TEST_CASE("DHCP renewal binds ciaddr, a release does not") {
  Octets renewal = bootp(1, hex("c0000205"), nobody) + cookie + hex("350103") + end;
  Dissected dhcp = from_client(renewal);
  REQUIRE(dhcp.said.size() == 1);
  CHECK(dhcp.one(Field::binding) == "192.0.2.5");
  CHECK(to_string(dhcp.said[0].ip) == "192.0.2.5");

  Octets release = bootp(1, hex("c0000205"), nobody) + cookie + hex("350107") + end;
  CHECK(from_client(release).said.empty());
  CHECK_FALSE(from_client(release).malformed);
}

TEST_CASE("DHCP replies: the server's vendor information, the client's address and port") {
  const Octets options = option(54, hex("c0000201")) +
                         option(43, hex("03 09") + text("192.0.2.9")) + option(12, text("cam-7")) +
                         option(60, text("udhcp 1.19.4")) + option(61, hex("01 00e0fc123456")) +
                         option(124, hex("000007db 00")) + option(82, hex("01 04") + text("Gi/7")) +
                         end;
  Dissected dhcp = from_server(reply(ack + options));
  REQUIRE(dhcp.said.size() == 3);
  CHECK(dhcp.said[0].field == Field::vendor_info);
  CHECK(dhcp.said[0].text == "03093139322e302e322e39");
  CHECK(to_string(dhcp.said[0].mac) == "00:00:5e:00:53:01");
  CHECK(to_string(dhcp.said[0].ip) == "192.0.2.1");
  CHECK_FALSE(dhcp.said[0].mac_is_own);
  CHECK(dhcp.said[1].field == Field::binding);
  CHECK(dhcp.said[1].text == "192.0.2.5");
  CHECK(to_string(dhcp.said[1].mac) == "00:e0:fc:12:34:56");
  CHECK(to_string(dhcp.said[1].ip) == "192.0.2.5");
  CHECK(dhcp.said[2].field == Field::relay_circuit);
  CHECK(dhcp.said[2].text == "Gi/7");
  CHECK(to_string(dhcp.said[2].mac) == "00:e0:fc:12:34:56");

  Dissected offered = from_server(reply(offer + options));
  REQUIRE(offered.said.size() == 2);
  CHECK(offered.one(Field::vendor_info) == "03093139322e302e322e39");
  CHECK(offered.one(Field::relay_circuit) == "Gi/7");
  CHECK_FALSE(offered.said[1].ip);  // offered is not bound

  Dissected refused = from_server(reply(hex("350106") + options));
  CHECK(refused.said.size() == 1);
  CHECK(refused.one(Field::relay_circuit) == "Gi/7");
}

TEST_CASE("DHCP messages that are neither the client's nor a lease") {
  const Octets options =
      option(12, text("x")) + option(55, hex("01")) + option(43, hex("01")) + end;
  for (const char* type : {"350102", "350104", "35010a", "3501ff"}) {
    Dissected dhcp = from_client(request(hex(type) + options));
    CHECK(dhcp.said.size() == (std::string_view(type) == "350104" ? 3 : 0));
    CHECK_FALSE(dhcp.malformed);
  }
  CHECK(from_server(reply(hex("35010d") + options)).said.empty());
  CHECK(from_server(reply(options)).said.empty());
}

TEST_CASE("DHCP client identifiers") {
  auto said = [](std::string_view id) {
    return from_client(request(discover + option(61, hex(id)) + end));
  };
  CHECK(said("00 63697363 6f2d37").one(Field::client_id) == "cisco-7");
  CHECK(said("6162 6364").one(Field::client_id) == "abcd");
  CHECK(said("01 00e0fc1234").one(Field::client_id) == "0100e0fc1234");
  CHECK(said("").said.empty());
  CHECK(said("").malformed);

  Dissected time = said("ff 00000001 0001 0001 1c39cf88 00e0fc123457");
  CHECK(time.said.size() == 2);
  CHECK(time.one(Field::duid) == "000100011c39cf8800e0fc123457");
  CHECK(time.one(Field::duid_mac) == "00:e0:fc:12:34:57");

  Dissected enterprise = said("ff 00000001 0002 0000ab11 0102030405060708");
  CHECK(enterprise.said.size() == 2);
  CHECK(enterprise.one(Field::duid) == "00020000ab110102030405060708");
  CHECK(enterprise.one(Field::vendor_enterprise) == "43793");

  CHECK(said("ff 00000001").said.empty());
  CHECK(said("ff 00000001").malformed);
  CHECK(said("ff 0000").malformed);
}

TEST_CASE("DHCP names and classes in their several forms") {
  auto said = [](const Octets& options) { return from_client(request(discover + options + end)); };
  CHECK(said(option(81, hex("04 0000 03") + text("cam") + hex("02") + text("lan") + hex("00")))
            .malformed);  // the label is longer than its length
  CHECK(said(option(81, hex("05 0000 03") + text("cam") + hex("03") + text("lan") + hex("00")))
            .one(Field::fqdn) == "cam.lan");
  CHECK(said(option(81, hex("04 0000 03") + text("cam"))).one(Field::fqdn) == "cam");
  CHECK(said(option(81, hex("04 0000 c0 0c"))).malformed);
  CHECK(said(option(81, hex("01 00"))).malformed);
  CHECK(
      said(option(77, hex("03") + text("one") + hex("03") + text("two"))).all(Field::user_class) ==
      std::vector<std::string>{"one", "two"});
  CHECK(said(option(12, text("cam") + hex("00"))).one(Field::host_name) == "cam");
  CHECK(said(option(12, {})).said.empty());
  CHECK(said(option(60, hex("0001ff"))).one(Field::vendor_class) == "0001ff");
  // RFC 3396: a long option in parts is not joined, each part is a fact.
  CHECK(said(option(60, text("ab")) + option(60, text("cd"))).all(Field::vendor_class) ==
        std::vector<std::string>{"ab", "cd"});
}

TEST_CASE("DHCP options in the overloaded file and server name fields") {
  Octets file = option(12, text("in-file")) + end;
  Octets sname = option(60, text("in-sname"));
  auto overloaded = [&](std::string_view overload) {
    return from_client(bootp(1, nobody, nobody, chaddr, sname, file) + cookie + discover +
                       hex(overload) + end);
  };
  CHECK(overloaded("").said.empty());
  CHECK(overloaded("340101").said.size() == 1);
  CHECK(overloaded("340101").one(Field::host_name) == "in-file");
  CHECK(overloaded("340102").said.size() == 1);
  CHECK(overloaded("340102").one(Field::vendor_class) == "in-sname");
  CHECK(overloaded("340103").said.size() == 2);

  // Overload inside an overloaded field is not followed.
  Octets again = option(52, hex("03")) + option(12, text("once")) + end;
  Dissected loop = from_client(bootp(1, nobody, nobody, chaddr, again, again) + cookie + discover +
                               hex("340101") + end);
  CHECK(loop.said.size() == 1);
  CHECK_FALSE(loop.malformed);
}

TEST_CASE("DHCP lengths that lie") {
  for (const char* lie : {"0c 05 61", "0c", "37 ff 01", "52 40"}) {
    INFO(lie);
    Dissected dhcp = from_client(request(discover + option(60, text("kept")) + hex(lie)));
    CHECK(dhcp.said.size() == 1);
    CHECK(dhcp.one(Field::vendor_class) == "kept");
    CHECK(dhcp.malformed);
  }
  // Inside an option: what follows it is still read.
  for (const Octets& lie :
       {option(82, hex("01 09 61")), option(82, hex("01")), option(124, hex("000007db 05 61")),
        option(125, hex("0000")), option(61, hex("ff"))}) {
    Dissected dhcp = from_client(request(discover + lie + option(12, text("kept")) + end));
    CHECK(dhcp.said.size() == 1);
    CHECK(dhcp.one(Field::host_name) == "kept");
    CHECK(dhcp.malformed);
  }
  Octets file = hex("0c ff");
  Dissected over = from_client(bootp(1, nobody, nobody, chaddr, {}, file) + cookie + discover +
                               hex("340101 0c0161") + end);
  CHECK(over.one(Field::host_name) == "a");
  CHECK(over.malformed);
}

TEST_CASE("DHCP without a client that could be named") {
  const Octets options = discover + option(12, text("x")) + end;
  CHECK(from_client(request(options, Octets(6))).said.empty());
  CHECK(from_client(request(options, hex("01005e000001"))).said.empty());
  Octets infiniband = request(options);
  infiniband[1] = 32;
  CHECK(from_client(infiniband).said.empty());
  CHECK_FALSE(from_client(infiniband).malformed);
}

TEST_CASE("BOOTP without options is no error, and says nothing") {
  Octets bare = bootp(1, nobody, nobody);
  CHECK_FALSE(from_client(bare).malformed);
  Octets vendor = bare + Octets(64);
  CHECK_FALSE(from_client(vendor).malformed);
  CHECK(from_client(vendor + option(12, text("x"))).said.empty());

  Octets other = request(discover + option(12, text("x")) + end);
  other[0] = 3;
  CHECK(from_client(other).said.empty());
  CHECK(from_client(other).malformed);
}

TEST_CASE("DHCP cut anywhere") {
  every_prefix(Protocol::dhcp, ip_packet(68, 67), full_discover);
  every_prefix(Protocol::dhcp, ip_packet(67, 68),
               reply(ack + option(43, hex("01")) + option(82, hex("0101 41")) + end));
  Octets cut(full_discover.begin(), full_discover.begin() + 235);
  CHECK(from_client(cut).malformed);
}

TEST_CASE("DHCP: a cable modem, and what is built with it, describe themselves") {
  Octets inside = option(2, text("ECM")) + option(4, text("DRG7908-53")) + option(5, text("1.0")) +
                  option(6, text("v302r1")) + option(8, hex("54d46f")) +
                  option(9, text("DRG7908")) + option(10, text("Cisco"));
  Dissected dhcp =
      from_client(request(discover + option(43, inside) + option(60, text("docsis3.0:")) + end));
  CHECK(dhcp.one(Field::serial) == "DRG7908-53");
  CHECK(dhcp.one(Field::hardware_revision) == "1.0");
  CHECK(dhcp.one(Field::software_version) == "v302r1");
  CHECK(dhcp.one(Field::organization_oui) == "54d46f");
  CHECK(dhcp.one(Field::model) == "DRG7908");
  CHECK(dhcp.one(Field::manufacturer) == "Cisco");
  // The numbers mean that for cable alone.
  Dissected other =
      from_client(request(discover + option(43, inside) + option(60, text("MSFT 5.0")) + end));
  CHECK(other.one(Field::manufacturer) == "");
  CHECK_FALSE(other.one(Field::vendor_info).empty());
}

TEST_CASE("DHCP: identities of TR-069, the device's in its request, the gateway's in its answer") {
  Octets device = hex("00000de9 12 01 06") + text("00E0FC") + hex("02 03") + text("SN1") +
                  hex("03 03") + text("ONT");
  Dissected request_said = from_client(request(discover + option(125, device) + end));
  CHECK(request_said.one(Field::serial) == "SN1");
  CHECK(request_said.one(Field::product_class) == "ONT");
  Octets gateway = hex("00000de9 12 04 06") + text("00E0FC") + hex("05 03") + text("SN2") +
                   hex("06 03") + text("RGW");
  Dissected answer = from_server(reply(ack + option(125, gateway) + end));
  CHECK(answer.one(Field::serial) == "SN2");
  CHECK(answer.one(Field::product_class) == "RGW");
  CHECK(answer.one(Field::vendor_enterprise) == "");
  CHECK(from_server(reply(ack + option(125, device) + end)).one(Field::serial) == "");
  every_prefix(Protocol::dhcp, ip_packet(68, 67), request(discover + option(125, device) + end));
}
