// SPDX-License-Identifier: Apache-2.0
#include "decode/decode.hpp"
#include "dissect/dispatch.hpp"
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Packet frame(uint8_t subtype) {
  Packet packet = link_packet();
  packet.wifi_management = subtype;
  return packet;
}

const Packet beacon = frame(8);
const Octets fixed = Octets(8) + hex("6400 1104");

Octets element(uint8_t type, const Octets& value) {
  return Octets{type, static_cast<uint8_t>(value.size())} + value;
}

Octets attribute(uint16_t type, const Octets& value) {
  return Octets{static_cast<uint8_t>(type >> 8), static_cast<uint8_t>(type), 0,
                static_cast<uint8_t>(value.size())} +
         value;
}

const Octets setup =
    element(221, hex("0050f204") + attribute(0x104a, hex("10")) +
                     attribute(0x1021, text("Huawei")) + attribute(0x1023, text("HG532")) +
                     attribute(0x1024, text("V1")) + attribute(0x1042, text("S-1")) +
                     attribute(0x1011, text("Home Gateway")) + attribute(0x1054, hex("0006")));
const Octets access_point = fixed + element(0, text("HUAWEI-12AB")) + element(1, hex("82848b96")) +
                            element(221, hex("00e0fc0102")) + setup;
const Octets drone =
    fixed + element(0, text("Mavic-1")) +
    element(221, hex("263712 58 62 13 10 02 0100 ff00") + text("08QCE1A0012345") + Octets(36));

Octets identification(const char* type, const char* number) {
  Octets id = text(number);
  id.resize(20);
  return hex("02") + hex(type) + id + Octets(3);
}

const Octets remote = fixed + element(221, hex("fa0bbc0d 07 f2 19 02") + hex("12") + Octets(24) +
                                               identification("12", "1581F5FHB2283C0012AB"));

}  // namespace

TEST_CASE("A beacon of an access point") {
  Dissected wifi = dissect(Protocol::wifi, beacon, access_point);
  CHECK(wifi.said.size() == 8);
  CHECK(wifi.one(Field::ssid) == "HUAWEI-12AB");
  CHECK(wifi.all(Field::vendor_element) == std::vector<std::string>{"00e0fc01", "0050f204"});
  CHECK(wifi.one(Field::manufacturer) == "Huawei");
  CHECK(wifi.one(Field::model) == "HG532");
  CHECK(wifi.one(Field::model_number) == "V1");
  CHECK(wifi.one(Field::serial) == "S-1");
  CHECK(wifi.one(Field::system_name) == "Home Gateway");
  CHECK_FALSE(wifi.malformed);
}

TEST_CASE("802.11 management frames reach their dissector by subtype") {
  const Octets addresses = hex("ffffffffffff 00e0fcaa0001 00e0fcaa0001 1000");
  struct Case {
    const char* control;  // frame control, duration
    Octets body;
    size_t said;
    Opaque opaque;
  };
  const Case cases[] = {
      {"8000 0000", access_point, 8, Opaque::none},
      {"5000 0000", access_point, 8, Opaque::none},
      {"8080 0000", hex("00000000") + access_point, 8, Opaque::none},  // with HT control
      {"c040 0000", access_point, 0, Opaque::wifi},                    // protected
      {"b000 0000", hex("0000 0100 0000"), 0, Opaque::none},           // authentication
  };
  for (const Case& one : cases) {
    Octets octets = hex(one.control) + addresses + one.body;
    Frame wire{Bytes(octets), static_cast<uint32_t>(octets.size()), 105, 0, 0, 1, {}};
    Decoder decoder;
    Packet packet;
    REQUIRE(decoder(wire, packet));
    size_t said = 0;
    Emit emit([](void* owner, const Observation&) { ++*static_cast<size_t*>(owner); }, &said);
    Dispatch dispatch(all_protocols());
    dispatch(packet, emit);
    INFO(one.control);
    CHECK(said == one.said);
    CHECK(packet.opaque == one.opaque);
    CHECK(to_string(packet.source_mac) == "00:e0:fc:aa:00:01");
  }
}

TEST_CASE("A probe request has no fixed part, and its SSID is not the sender's") {
  Dissected wifi = dissect(Protocol::wifi, frame(4), element(0, text("home")) + setup);
  CHECK(wifi.said.size() == 6);
  CHECK(wifi.all(Field::ssid).empty());
  CHECK(wifi.one(Field::manufacturer) == "Huawei");
}

TEST_CASE("A drone's beacons") {
  Dissected flight = dissect(Protocol::wifi, beacon, drone);
  CHECK(flight.said.size() == 3);
  CHECK(flight.one(Field::vendor_element) == "26371258");
  CHECK(flight.one(Field::serial) == "08QCE1A0012345");
  Dissected purpose =
      dissect(Protocol::wifi, beacon,
              fixed + element(221, hex("263712 58 62 13 11") + text("08QCE1A0012345") + Octets(2)));
  CHECK(purpose.one(Field::serial) == "08QCE1A0012345");
  Dissected unset =
      dissect(Protocol::wifi, beacon,
              fixed + element(221, hex("263712 58 62 13 11 ff01ff01 ff01ff01 ff01ff01 ff01ff01")));
  CHECK(unset.said.size() == 1);
  CHECK_FALSE(unset.malformed);
}

TEST_CASE("Remote ID in a beacon") {
  Dissected wifi = dissect(Protocol::wifi, beacon, remote);
  CHECK(wifi.said.size() == 2);
  CHECK(wifi.one(Field::vendor_element) == "fa0bbc0d");
  CHECK(wifi.one(Field::serial) == "1581F5FHB2283C0012AB");
  CHECK_FALSE(wifi.malformed);

  Dissected session =
      dissect(Protocol::wifi, beacon,
              fixed + element(221, hex("fa0bbc0d 07 f2 19 01") + identification("42", "SESSION")));
  CHECK(session.said.size() == 1);
}

TEST_CASE("Remote ID in a service descriptor") {
  const Octets aware = hex("04 09 506f9a13");
  const Octets pack = hex("1d 22 f0 19 01") + identification("12", "1581F5FHB2283C0012AB");
  const Octets descriptor = hex("03 2700 88 69 19 9d 92 09 01 00 10") + pack;
  const Octets message = aware + descriptor + hex("0e 0400 01 00 02 22");
  Dissected wifi = dissect(Protocol::wifi, frame(13), message);
  CHECK(wifi.said.size() == 1);
  CHECK(wifi.one(Field::serial) == "1581F5FHB2283C0012AB");
  CHECK_FALSE(wifi.malformed);
  every_prefix(Protocol::wifi, frame(13), message);

  // Other actions, another service, a descriptor with a filter.
  for (const Octets& silent : {hex("08 00 01 02"), hex("04 09 506f9a1c 00"),
                               aware + hex("03 2700 88 69 19 9d 92 0a 01 00 10") + pack,
                               aware + hex("03 2700 88 69 19 9d 92 09 01 00 14") + pack}) {
    Dissected other = dissect(Protocol::wifi, frame(13), silent);
    CHECK(other.said.empty());
    CHECK_FALSE(other.malformed);
  }
  for (const Octets& lie :
       {aware + hex("03 ffff 0000"), aware + hex("03 0a00 88 69 19 9d 92 09 01 00 10 ff")}) {
    Dissected other = dissect(Protocol::wifi, frame(13), lie);
    CHECK(other.said.empty());
    CHECK(other.malformed);
  }
}

TEST_CASE("802.11 elements that lie") {
  const Octets name = element(0, text("x"));
  for (const Octets& lie :
       {element(221, hex("0050f204 1021 ffff 41")), element(221, hex("263712 58 62 13 10 02")),
        element(221, hex("fa0bbc0d 07 f2 19 ff 12")), element(221, hex("fa0bbc0d 07"))}) {
    Dissected wifi = dissect(Protocol::wifi, beacon, fixed + lie + name);
    CHECK(wifi.said.size() == 2);
    CHECK(wifi.one(Field::ssid) == "x");
    CHECK(wifi.malformed);
  }
  Dissected cut = dissect(Protocol::wifi, beacon, fixed + name + hex("01 ff 41"));
  CHECK(cut.said.size() == 1);
  CHECK(cut.malformed);
  CHECK(dissect(Protocol::wifi, beacon, fixed + element(221, hex("00e0fc"))).said.empty());
}

TEST_CASE("A frame check sequence behind the elements") {
  Dissected wifi = dissect(Protocol::wifi, beacon, fixed + element(0, text("x")) + hex("12f45678"));
  CHECK(wifi.said.size() == 1);
  CHECK_FALSE(wifi.malformed);
}

TEST_CASE("802.11 management cut anywhere") {
  every_prefix(Protocol::wifi, beacon, access_point);
  every_prefix(Protocol::wifi, beacon, drone);
  every_prefix(Protocol::wifi, beacon, remote);
}
