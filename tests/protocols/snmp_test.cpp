// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Texts = std::vector<std::string>;

enum Tag : uint8_t {
  kInteger = 0x02,
  kOctets = 0x04,
  kNull = 0x05,
  kOid = 0x06,
  kSequence = 0x30,
  kGet = 0xa0,
  kGetNext = 0xa1,
  kResponse = 0xa2,
  kSet = 0xa3,
  kTrapV1 = 0xa4,
  kGetBulk = 0xa5,
  kInform = 0xa6,
  kTrap = 0xa7,
  kReport = 0xa8,
};

/// One BER element with the shortest definite length.
Octets element(uint8_t tag, const Octets& contents) {
  Octets head{tag};
  size_t size = contents.size();
  if (size >= 256) head.insert(head.end(), {0x82, static_cast<uint8_t>(size >> 8)});
  if (size >= 128 && size < 256) head.push_back(0x81);
  head.push_back(static_cast<uint8_t>(size));
  return head + contents;
}
Octets number(uint8_t value) { return element(kInteger, {value}); }

// Object identifiers, contents only.
const Octets sys_descr = hex("2b06010201010100");
const Octets sys_object_id = hex("2b06010201010200");
const Octets sys_contact = hex("2b06010201010400");
const Octets sys_name = hex("2b06010201010500");
const Octets sys_location = hex("2b06010201010600");
const Octets trap_oid = hex("2b060106030101040100");
const Octets trap_enterprise = hex("2b060106030101040300");
const Octets trap_address = hex("2b06010603120103 00");
const Octets huawei_s5720 = hex("2b060104018f5b021781 7d");  // 1.3.6.1.4.1.2011.2.23.253

Octets binding(const Octets& name, const Octets& value) {
  return element(kSequence, element(kOid, name) + value);
}
Octets string(std::string_view value) { return element(kOctets, text(value)); }

Octets pdu(uint8_t tag, const Octets& bindings, uint8_t error = 0) {
  return element(tag, number(1) + number(error) + number(0) + element(kSequence, bindings));
}
Octets community(uint8_t version, const Octets& pdu) {
  return element(kSequence, number(version) + string("s3cret") + pdu);
}
Octets security(const Octets& engine) {
  return element(kOctets, element(kSequence, element(kOctets, engine) + number(1) + number(2) +
                                                 string("operator") + string("") + string("")));
}
Octets v3(const Octets& engine, uint8_t flags, const Octets& data, uint8_t model = 3) {
  Octets global = number(7) + number(100) + element(kOctets, {flags}) + number(model);
  return element(kSequence, number(3) + element(kSequence, global) + security(engine) + data);
}
Octets clear(const Octets& pdu) {
  return element(kSequence, element(kOctets, hex("0102030405")) + string("") + pdu);
}

const Octets system_group =
    binding(sys_descr, string("S5720-28X-PWR-SI-AC\r\nHuawei Versatile Routing Platform")) +
    binding(sys_object_id, element(kOid, huawei_s5720)) +
    binding(sys_contact, string("nobody's business")) + binding(sys_name, string("access-7")) +
    binding(sys_location, string("rack 4"));

const Octets huawei_engine = hex("800007db03 00e0fc123456");

Dissected snmp(uint16_t source_port, uint16_t target_port, const Octets& message) {
  Dissected result = dissect(Protocol::snmp, ip_packet(source_port, target_port), message);
  for (const Said& said : result.said) {
    CHECK(said.text.find("s3cret") == std::string::npos);
    CHECK(said.text.find("operator") == std::string::npos);
  }
  return result;
}
Dissected from_agent(const Octets& message) { return snmp(161, 50000, message); }

void check_about(const Dissected& result, std::string_view ip) {
  for (const Said& said : result.said) CHECK(to_string(said.ip) == ip);
}
void check_system(const Dissected& result) {
  CHECK(result.one(Field::system_description) ==
        "S5720-28X-PWR-SI-AC Huawei Versatile Routing Platform");
  CHECK(result.one(Field::system_object_id) == "1.3.6.1.4.1.2011.2.23.253");
  CHECK(result.one(Field::system_name) == "access-7");
  CHECK(result.one(Field::system_location) == "rack 4");
}
void check_silent(const Dissected& result) {
  CHECK(result.said.empty());
  CHECK_FALSE(result.malformed);
}
void check_refused(const Dissected& result) {
  CHECK(result.said.empty());
  CHECK(result.malformed);
}

}  // namespace

TEST_CASE("SNMP answers, as agents sent them") {
  Dissected location = from_agent(
      hex("303702010004067075626c6963a22a02044b781a6e020100020100301c301a06082b06010201010600040e"
          "476c6f626f6d616e746963734851"));
  REQUIRE(location.said.size() == 1);
  CHECK(location.one(Field::system_location) == "GlobomanticsHQ");
  check_about(location, "192.0.2.1");
  CHECK_FALSE(location.malformed);

  Dissected name = from_agent(
      hex("303502010004067075626c6963a228020409500959020100020100301a301806082b06010201010500040c"
          "52312e6c61622e6c6f63616c"));
  REQUIRE(name.said.size() == 1);
  CHECK(name.one(Field::system_name) == "R1.lab.local");
}

TEST_CASE("SNMP v1 and v2c answers say what the agent is") {
  for (uint8_t version : {uint8_t{0}, uint8_t{1}}) {
    Dissected result = from_agent(community(version, pdu(kResponse, system_group)));
    CHECK(result.said.size() == 4);
    check_system(result);
    check_about(result, "192.0.2.1");
    CHECK_FALSE(result.malformed);
  }
}

TEST_CASE("SNMP requests say nothing of the manager") {
  for (uint8_t tag : {kGet, kGetNext, kGetBulk, kSet}) {
    check_silent(snmp(50000, 161, community(1, pdu(tag, system_group))));
  }
  check_silent(from_agent(community(1, pdu(kReport, system_group))));
}

TEST_CASE("SNMP answers that only repeat say nothing") {
  // A refused Set comes back with what the manager wanted to set.
  check_silent(from_agent(community(1, pdu(kResponse, system_group, 17))));
  // The answer to an inform comes back with what the agent said.
  check_silent(snmp(162, 50000, community(1, pdu(kResponse, system_group))));
}

TEST_CASE("SNMP values that are none, or not of their type, or of other objects") {
  Octets odd = binding(sys_descr, element(kNull, {})) + binding(sys_name, element(0x80, {})) +
               binding(sys_object_id, element(kOid, {})) +
               binding(sys_object_id, element(kOid, {0})) +
               binding(sys_object_id, string("1.3.6.1")) + binding(sys_name, number(5)) +
               binding(sys_location, string("")) +
               binding(hex("2b06010201010101"), string("no instance 1")) +
               binding(hex("2b060102010101"), string("no instance")) +
               binding(hex("2b0601020101010000"), string("too long")) +
               binding(hex("2b060102010201020a"), string("GigabitEthernet0/0/1"));
  check_silent(from_agent(community(1, pdu(kResponse, odd))));
}

TEST_CASE("SNMP v1 traps name the enterprise") {
  // Agent address 127.0.0.1: the sender stays the agent.
  Dissected trap = snmp(
      57150, 162,
      hex("303b02010004067075626c6963a42e06092b0601040181f4690040047f00000102010002010043040000"
          "0000300f300d06082b06010201020100020121"));
  REQUIRE(trap.said.size() == 1);
  CHECK(trap.one(Field::trap_enterprise) == "1.3.6.1.4.1.31337.0");
  check_about(trap, "192.0.2.1");
  CHECK_FALSE(trap.malformed);

  auto from = [](std::string_view address) {
    return community(
        0, element(kTrapV1, element(kOid, huawei_s5720) + element(0x40, hex(address)) + number(6) +
                                number(1) + element(0x43, {1}) + element(kSequence, system_group)));
  };
  Dissected own = snmp(50000, 162, from("c0000201"));
  CHECK(own.said.size() == 5);
  CHECK(own.one(Field::trap_enterprise) == "1.3.6.1.4.1.2011.2.23.253");
  check_system(own);
  check_about(own, "192.0.2.1");
  CHECK(own.said[0].mac);

  Dissected unspecified = snmp(50000, 162, from("00000000"));
  CHECK(unspecified.said.size() == 5);
  check_about(unspecified, "192.0.2.1");

  Dissected relayed = snmp(50000, 162, from("c6336407"));
  CHECK(relayed.said.size() == 5);
  check_about(relayed, "198.51.100.7");
  for (const Said& said : relayed.said) CHECK_FALSE(said.mac);

  check_refused(snmp(50000, 162, from("c63364")));
}

TEST_CASE("SNMP v2 notifications: the sender's own words, and who defined them") {
  // A linkDown from a switch, the standard's own: it names no enterprise.
  check_silent(snmp(
      55535, 162,
      hex("3081a902010104067075626c6963a7819b020313ffde02010002010030818d301006082b060102010103"
          "00430420e7d82a3017060a2b06010603010104010006092b06010603010105033011060b2b0601020102"
          "020101cf10020227903024060b2b0601020102020102cf1004154769676162697445746865726e657431"
          "2f302f32383010060b2b0601020102020103cf100201063015060d2b06010401090202010114cf100404"
          "646f776e")));

  // 1.3.6.1.4.1.9.9.315.0.0.1
  Dissected cisco = snmp(
      56866, 162,
      hex("30819f02010104067075626c6963a7819102024522020100020100308184301006082b06010201010300"
          "430459fc1225301a060a2b060106030101040100060c2b060104010909823b0000013011060b2b060102"
          "0102020101cf23420227a33025060c2b060102011f01010101cf2304154769676162697445746865726e"
          "6574312f302f3437301a06102b060104010909823b010201010acf2304065cf9dd746baa"));
  REQUIRE(cisco.said.size() == 1);
  CHECK(cisco.one(Field::trap_enterprise) == "1.3.6.1.4.1.9.9.315.0");

  for (uint8_t tag : {kTrap, kInform}) {
    Dissected result = snmp(50000, 162, community(1, pdu(tag, system_group)));
    CHECK(result.said.size() == 4);
    check_system(result);
    check_about(result, "192.0.2.1");
  }

  // Defined right below an enterprise's own number, and not below enterprises at all.
  Octets own = binding(trap_oid, element(kOid, hex("2b060104018f5b0001")));
  CHECK(snmp(50000, 162, community(1, pdu(kTrap, own))).one(Field::trap_enterprise) ==
        "1.3.6.1.4.1.2011");
  Octets bare = binding(trap_oid, element(kOid, hex("2b060104018f5b")));
  check_silent(snmp(50000, 162, community(1, pdu(kTrap, bare))));
  Octets none = binding(trap_oid, element(kOid, {}));
  check_silent(snmp(50000, 162, community(1, pdu(kTrap, none))));
}

TEST_CASE("SNMP v2 trap that a relay passed on is about its origin") {
  Octets bindings = binding(sys_name, string("far")) +
                    binding(trap_address, element(0x40, hex("c6336407"))) +
                    binding(hex("2b060106031201 0400"), string("s3cret")) +
                    binding(trap_enterprise, element(kOid, huawei_s5720));
  Dissected result = snmp(50000, 162, community(1, pdu(kTrap, bindings)));
  CHECK(result.said.size() == 2);
  CHECK(result.one(Field::system_name) == "far");
  CHECK(result.one(Field::trap_enterprise) == "1.3.6.1.4.1.2011.2.23.253");
  check_about(result, "198.51.100.7");
  for (const Said& said : result.said) CHECK_FALSE(said.mac);

  // Cut before its end it may be anybody's.
  Octets whole = community(1, pdu(kTrap, bindings));
  for (size_t size = 0; size < whole.size(); ++size) {
    Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    check_refused(snmp(50000, 162, cut));
  }
}

TEST_CASE("SNMP v3 in clear: the engine is the agent's") {
  Dissected answer = from_agent(v3(huawei_engine, 0, clear(pdu(kResponse, system_group))));
  CHECK(answer.said.size() == 7);
  CHECK(answer.one(Field::engine_id) == "800007db0300e0fc123456");
  CHECK(answer.one(Field::engine_enterprise) == "2011");
  CHECK(answer.one(Field::engine_mac) == "00:e0:fc:12:34:56");
  check_system(answer);
  check_about(answer, "192.0.2.1");
  CHECK_FALSE(answer.malformed);

  for (uint8_t tag : {kGet, kGetNext, kGetBulk, kSet}) {
    Dissected request = snmp(50000, 161, v3(huawei_engine, 4, clear(pdu(tag, system_group))));
    CHECK(request.said.size() == 3);
    CHECK(request.one(Field::engine_mac) == "00:e0:fc:12:34:56");
    check_about(request, "192.0.2.2");
  }

  Dissected report = from_agent(v3(huawei_engine, 0, clear(pdu(kReport, {}))));
  CHECK(report.said.size() == 3);
  check_about(report, "192.0.2.1");

  Dissected trap = snmp(50000, 162, v3(huawei_engine, 0, clear(pdu(kTrap, system_group))));
  CHECK(trap.said.size() == 7);
  check_about(trap, "192.0.2.1");
}

TEST_CASE("SNMP v3 inform: values are the sender's, the engine is the receiver's") {
  Dissected inform = snmp(50000, 162, v3(huawei_engine, 4, clear(pdu(kInform, system_group))));
  CHECK(inform.said.size() == 7);
  check_system(inform);
  for (const Said& said : inform.said) {
    bool of_engine = said.field == Field::engine_id || said.field == Field::engine_enterprise ||
                     said.field == Field::engine_mac;
    CHECK(to_string(said.ip) == (of_engine ? "192.0.2.2" : "192.0.2.1"));
  }
}

TEST_CASE("SNMP v3 discovery and encrypted exchange, as they were on the wire") {
  // The manager asks with an empty engine id (the context engine is not read).
  check_silent(snmp(50399, 161,
                    hex("304b0201033011020430f6f3d4020300ffe30401040201030410300e0400020100020100"
                        "0400040004003021040d80001f888059dc486145a263220400a00e02047d0e082e020100"
                        "02010030 00")));

  Dissected report = snmp(
      161, 50399,
      hex("306a0201033011020430f6f3d4020300ffe3040100020103041e301c040d80001f888059dc486145a26322"
          "02010802020ab90400040004003032040d80001f888059dc486145a263220400a81f02047d0e082e020100"
          "02010030 11300f060a2b060106030f01010400410111"));
  REQUIRE(report.said.size() == 2);
  CHECK(report.one(Field::engine_id) == "80001f888059dc486145a26322");
  CHECK(report.one(Field::engine_enterprise) == "8072");
  check_about(report, "192.0.2.1");

  Octets get =
      hex("3081b10201033011020430f6f3d5020300ffe304010702010304373035040d80001f888059dc486145a26322"
          "02010802020ab90405706970706f040c19395e67894fda182414849f04080000000103d5321a0460826ecf64"
          "43956d4c364bfc6f6ffc8ee0df000ffd0955af12d2c0f3c60fadea417d2bb80c0b2c1fa7a46ce44f9f16e15e"
          "e830a49881f60ecfa757d2f04000eb39a94058121d88ca20eeef4e6bf06784c67c15f144915d9bc2c6a0461d"
          "a92a4abe");
  Dissected request = snmp(50399, 161, get);
  CHECK(request.said.size() == 2);
  CHECK(request.one(Field::engine_enterprise) == "8072");
  check_about(request, "192.0.2.2");
  CHECK_FALSE(request.malformed);
  every_prefix(Protocol::snmp, ip_packet(50399, 161), get);
}

TEST_CASE("SNMP v3 encrypted: ports and the reportable flag tell whose engine it is") {
  Octets secret = element(kOctets, hex("deadbeef"));
  auto about = [&](uint16_t source_port, uint16_t target_port, uint8_t flags) {
    Dissected result = snmp(source_port, target_port, v3(huawei_engine, flags, secret));
    CHECK(result.said.size() == 3);
    CHECK_FALSE(result.malformed);
    check_about(result, to_string(result.said.at(0).ip));
    return to_string(result.said.at(0).ip);
  };
  CHECK(about(50000, 161, 7) == "192.0.2.2");
  CHECK(about(50000, 161, 3) == "192.0.2.2");
  CHECK(about(161, 50000, 3) == "192.0.2.1");
  CHECK(about(161, 50000, 7) == "192.0.2.1");
  CHECK(about(50000, 162, 3) == "192.0.2.1");  // trap
  CHECK(about(50000, 162, 7) == "192.0.2.2");  // inform
  CHECK(about(162, 50000, 3) == "192.0.2.1");  // its answer
  CHECK(about(161, 161, 7) == "192.0.2.2");
  CHECK(about(161, 161, 3) == "192.0.2.1");
}

TEST_CASE("SNMP engine ids of every form") {
  auto engine = [](std::string_view digits) {
    return from_agent(v3(hex(digits), 0, clear(pdu(kReport, {}))));
  };
  // Old form of 12 octets: the enterprise alone.
  Dissected old = engine("000007db 0300e0fc12345600");
  CHECK(old.said.size() == 2);
  CHECK(old.one(Field::engine_enterprise) == "2011");

  // H3C's number, text form; a MAC form with the wrong size; IPv4 form.
  Dissected named = engine("800063a2 04 6865726f");
  CHECK(named.said.size() == 2);
  CHECK(named.one(Field::engine_enterprise) == "25506");
  CHECK(engine("80000009 03 0000e0fc123456").said.size() == 2);
  CHECK(engine("800007db 01 c0000201").said.size() == 2);
  CHECK(engine("800007db 03 000000000000").said.size() == 2);
  // Nobody's number.
  CHECK(engine("80000000 01 c0000201").one(Field::engine_id) == "8000000001c0000201");
  CHECK(engine("80000000 01 c0000201").said.size() == 1);
  // Neither form: the octets alone, as of an agent that sends text.
  Dissected neither = engine("626331313839373039");
  REQUIRE(neither.said.size() == 1);
  CHECK(neither.one(Field::engine_id) == "626331313839373039");

  check_silent(engine(""));
  check_silent(engine("0000000000"));
  check_silent(engine("ffffffffffff"));
  check_refused(engine("800007db"));
  check_refused(engine(std::string(66, '8')));
}

TEST_CASE("SNMP v3 with another security model names no engine") {
  Octets pdu_only = element(
      kSequence,
      number(3) + element(kSequence, number(7) + number(100) + element(kOctets, {0}) + number(4)) +
          string("") + clear(pdu(kResponse, system_group)));
  Dissected result = from_agent(pdu_only);
  CHECK(result.said.size() == 4);
  check_system(result);
}

TEST_CASE("SNMP: other things on its ports are malformed") {
  check_refused(from_agent({}));
  check_refused(from_agent(hex("00")));
  check_refused(from_agent(text("GET / HTTP/1.1\r\n\r\n")));
  check_refused(from_agent(hex("3000")));
  check_refused(from_agent(hex("308200300201000406707562")));
  check_refused(from_agent(community(2, pdu(kResponse, system_group))));
  check_refused(from_agent(community(1, element(0xa9, {}))));
  check_refused(from_agent(community(1, element(kSequence, {}))));
  check_refused(from_agent(community(1, {})));
  check_refused(from_agent(community(1, element(kResponse, {}))));
  check_refused(from_agent(element(kSequence, number(3))));
  check_refused(from_agent(v3(huawei_engine, 0, {}, 4)));
}

TEST_CASE("SNMP lengths that lie") {
  Octets good = community(1, pdu(kResponse, system_group));
  REQUIRE(good[1] == 0x81);
  check_system(from_agent(good));

  // Indefinite, reserved, and with more octets than any message needs.
  for (std::string_view head : {"3080", "30ff", "3085 0000000010", "3088 ffffffffffffffff"}) {
    check_refused(from_agent(hex(head) + Octets(good.begin() + 3, good.end())));
  }
  // A long form with leading zeros is still definite.
  Octets padded = hex("3084 000000") + Octets(good.begin() + 2, good.end());
  CHECK(from_agent(padded).said.size() == 4);
  CHECK_FALSE(from_agent(padded).malformed);

  // More than is there: what was whole stays said, and the message counts as malformed.
  Octets longer = hex("3084 ffffffff") + Octets(good.begin() + 3, good.end());
  CHECK(from_agent(longer).said.size() == 4);
  CHECK(from_agent(longer).malformed);

  // A binding that reaches out of its list ends the list.
  Octets reaching =
      binding(sys_name, string("a")) + hex("30 7f") + element(kOid, sys_descr) + hex("04 60 41 42");
  Dissected result = from_agent(community(1, pdu(kResponse, reaching)));
  REQUIRE(result.said.size() == 1);
  CHECK(result.one(Field::system_name) == "a");
  CHECK(result.malformed);

  // Empty and overlong integers, a tag of several octets.
  check_refused(from_agent(element(kSequence, hex("0200"))));
  check_refused(from_agent(element(kSequence, hex("0209 000000000000000001"))));
  check_refused(from_agent(community(1, hex("bf8122 00"))));
}

TEST_CASE("SNMP object identifiers that lie") {
  auto object_id = [](std::string_view digits) {
    return from_agent(
        community(1, pdu(kResponse, binding(sys_object_id, element(kOid, hex(digits))))));
  };
  check_refused(object_id("2b80808080808080808080"));
  check_refused(object_id("2bffffffffffffffffffff7f"));
  check_refused(object_id("2b0601048f"));
  CHECK(object_id("2b").one(Field::system_object_id) == "1.3");
}

TEST_CASE("SNMP nesting without end") {
  Octets nested;
  for (int i = 0; i < 2000; ++i) nested = element(kSequence, nested);
  check_refused(from_agent(nested));
  check_refused(from_agent(community(1, nested)));
  check_refused(from_agent(v3(huawei_engine, 0, nested, 4)));
  Dissected value = from_agent(community(1, pdu(kResponse, binding(sys_descr, nested))));
  check_silent(value);
  Octets open;
  for (int i = 0; i < 30000; ++i) open = open + hex("3080");
  check_refused(from_agent(open));
}

TEST_CASE("SNMP bindings are bounded") {
  Octets one = binding(sys_name, string("a"));
  Octets many;
  for (int i = 0; i < 1000; ++i) many = many + one;
  CHECK(from_agent(community(1, pdu(kResponse, many))).said.size() == 256);
}

TEST_CASE("SNMP cut anywhere") {
  every_prefix(Protocol::snmp, ip_packet(161, 50000), community(1, pdu(kResponse, system_group)));
  every_prefix(Protocol::snmp, ip_packet(50000, 162), community(1, pdu(kTrap, system_group)));
  Octets whole = v3(huawei_engine, 0, clear(pdu(kResponse, system_group)));
  every_prefix(Protocol::snmp, ip_packet(161, 50000), whole);
  // A request cut before its type is seen is still not about the manager.
  Octets request = v3(huawei_engine, 4, clear(pdu(kGet, system_group)));
  for (size_t size = 0; size < request.size(); ++size) {
    Octets cut(request.begin(), request.begin() + static_cast<std::ptrdiff_t>(size));
    Dissected result = snmp(50000, 161, cut);
    CHECK(result.malformed);
    check_about(result, "192.0.2.2");
  }
}
