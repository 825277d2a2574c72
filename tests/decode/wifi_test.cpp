// SPDX-License-Identifier: Apache-2.0
// 802.11, bare and behind radiotap or PPI: whose frame it was, in every direction, and when it has
// a payload to read.
#include "support/catch.hpp"
#include "support/decode.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

constexpr int kWifi = 105, kRadiotap = 127, kPpi = 192;

// Four addresses that tell where they stood.
const Octets first = hex("00005e005301"), second = hex("00005e005302"), third = hex("00005e005303"),
             fourth = hex("00005e005304");
const Octets snap_ip = hex("aaaa03 000000 0800");
const Octets data_to_ds =
    hex("0801 0000") + first + second + third + hex("1000") + snap_ip + ipv4_hello;

std::string last(const Mac& mac) { return mac ? to_string(mac).substr(15) : "none"; }

/// "source target transmitter" by the last octet of each.
std::string addresses(const Decoded& decoded) {
  const Packet& packet = decoded.packet;
  return last(packet.source_mac) + " " + last(packet.target_mac) + " " +
         last(packet.transmitter_mac);
}

}  // namespace

TEST_CASE("The DS bits say which address is whose") {
  Octets body = first + second + third + hex("1000");
  Octets payload = snap_ip + ipv4_hello;
  CHECK(addresses(decode(kWifi, hex("0800 0000") + body + payload)) == "02 01 02");
  CHECK(addresses(decode(kWifi, hex("0801 0000") + body + payload)) == "02 03 02");
  CHECK(addresses(decode(kWifi, hex("0802 0000") + body + payload)) == "03 01 02");
  CHECK(addresses(decode(kWifi, hex("0803 0000") + body + fourth + payload)) == "04 03 02");
  for (const char* control : {"0800 0000", "0801 0000", "0802 0000"}) {
    Decoded decoded = decode(kWifi, hex(control) + body + payload);
    CHECK(decoded.fate() == "decoded");
    CHECK(decoded.payload() == text("hello"));
  }
  CHECK(decode(kWifi, hex("0803 0000") + body + fourth + payload).payload() == text("hello"));
  CHECK(decode(kWifi, hex("0803 0000") + body + hex("00005e0053")).fate() == "link_header");
}

TEST_CASE("A data frame cut anywhere") {
  for (size_t size = 0; size <= data_to_ds.size(); ++size) {
    Octets cut(data_to_ds.begin(), data_to_ds.begin() + static_cast<std::ptrdiff_t>(size));
    INFO(size);
    Decoded decoded = decode(kWifi, cut, 200);
    // A data frame without room for LLC is whole: it has no payload.
    CHECK(decoded.fate() == (size < 24                          ? "link_header"
                             : size < 32 || size >= 24 + 8 + 28 ? "decoded"
                             : size < 24 + 8 + 20               ? "ipv4"
                                                                : "udp"));
  }
}

TEST_CASE("QoS and HT control stand before the payload") {
  Octets body = first + second + third + hex("1000");
  CHECK(decode(kWifi, hex("8801 0000") + body + hex("0000") + snap_ip + ipv4_hello).payload() ==
        text("hello"));
  CHECK(decode(kWifi, hex("8881 0000") + body + hex("0000 00000000") + snap_ip + ipv4_hello)
            .payload() == text("hello"));
  CHECK(decode(kWifi, hex("8801 0000") + body + hex("00")).fate() == "link_header");
  CHECK(decode(kWifi, hex("8881 0000") + body + hex("0000 000000")).fate() == "link_header");
}

TEST_CASE("Protected, aggregated, empty and later-fragment frames have no payload to read") {
  Octets body = first + second + third;
  struct {
    const char* control;
    const char* behind;
  } frames[] = {
      {"0841", "1000"},       // protected
      {"8801", "1000 8000"},  // A-MSDU
      {"4801", "1000"},       // null function
      {"c801", "1000 0000"},  // QoS null
      {"0801", "1100"},       // second fragment
      {"0801", "1f00"},       // sixteenth fragment
  };
  for (const auto& frame : frames) {
    INFO(frame.control << " " << frame.behind);
    Decoded decoded = decode(
        kWifi, hex(frame.control) + hex("0000") + body + hex(frame.behind) + snap_ip + ipv4_hello);
    CHECK(decoded.fate() == "decoded");
    CHECK(decoded.payload().empty());
    CHECK_FALSE(decoded.packet.is_ip());
    CHECK(addresses(decoded) == "02 03 02");
  }
  Decoded more = decode(kWifi, hex("0805 0000") + body + hex("1000") + snap_ip + ipv4_hello);
  CHECK(more.payload() == text("hello"));
  CHECK(more.packet.cut);
}

TEST_CASE("Management and control frames tell who sent them where they say it") {
  Octets beacon = hex("8000 0000") + first + second + third + hex("1000");
  CHECK(addresses(decode(kWifi, beacon + hex("0000"))) == "02 01 none");
  CHECK(decode(kWifi, beacon + hex("0000")).payload() == hex("0000"));
  every_cut(kWifi, beacon, 24);

  for (const char* control : {"b400", "5400", "8400", "9400", "a400", "e400", "f400"}) {
    INFO(control);
    Octets frame = hex(control) + hex("0000") + first + second;
    CHECK(addresses(decode(kWifi, frame)) == "02 01 none");
    every_cut(kWifi, frame, 16);
  }
  for (const char* control : {"c400", "d400"}) {  // CTS and acknowledgement: a target alone
    INFO(control);
    Octets frame = hex(control) + hex("0000") + first;
    CHECK(addresses(decode(kWifi, frame)) == "none 01 none");
    every_cut(kWifi, frame, 10);
  }
}

TEST_CASE("Radiotap: with and without timer, flags and frame check sequence") {
  Octets fcs = hex("deadbeef");
  Octets llc = first + second + third + hex("1000") + hex("424203 0102030405");
  Octets frame = hex("0801 0000") + llc;
  Octets read = hex("0102030405");
  CHECK(decode(kRadiotap, hex("0000 0800 00000000") + frame).payload() == read);
  CHECK(decode(kRadiotap, hex("0000 0900 02000000 00") + frame).payload() == read);
  CHECK(decode(kRadiotap, hex("0000 0900 02000000 10") + frame + fcs).payload() == read);
  // The timer stands before the flags.
  CHECK(decode(kRadiotap, hex("0000 1100 03000000 1010101010101010 00") + frame).payload() == read);
  CHECK(decode(kRadiotap, hex("0000 1100 03000000 0000000000000000 10") + frame + fcs).payload() ==
        read);
  // With a second bitmap the timer is aligned by four octets.
  CHECK(decode(kRadiotap, hex("0000 1900 03000080 00000000 00000000 1010101010101010 00") + frame)
            .payload() == read);
  CHECK(decode(kRadiotap,
               hex("0000 1900 03000080 00000000 00000000 0000000000000000 10") + frame + fcs)
            .payload() == read);
  // Of a frame that the snap length cut the check sequence is not there to be taken off.
  Octets cut = hex("0000 0900 02000000 10") + frame;
  CHECK(decode(kRadiotap, cut, 500).payload() == read);
  every_cut(kRadiotap, hex("0000 0900 02000000 00") + hex("d400 0000") + first, 9 + 10);
}

TEST_CASE("Radiotap: lengths that lie") {
  CHECK(decode(kRadiotap, hex("0100 0800 00000000") + data_to_ds).fate() == "link_header");
  CHECK(decode(kRadiotap, hex("0000 0700 00000000") + data_to_ds).fate() == "link_header");
  CHECK(decode(kRadiotap, hex("0000 ffff 00000000") + data_to_ds).fate() == "link_header");
  // Bitmaps without end and a flags field that does not fit.
  CHECK(decode(kRadiotap, hex("0000 1000 ffffffff ffffffff ffffffff") + data_to_ds).payload() ==
        text("hello"));
  CHECK(decode(kRadiotap, hex("0000 0800 02000000") + data_to_ds).payload() == text("hello"));
  // A frame shorter than its check sequence.
  CHECK(decode(kRadiotap, hex("0000 0900 02000000 10") + hex("d400")).fate() == "link_header");
}

TEST_CASE("A frame that its receiver marked as damaged names nobody") {
  Decoded radiotap = decode(kRadiotap, hex("0000 0900 02000000 50") + data_to_ds);
  CHECK(radiotap.fate() == "checksum");
  CHECK(addresses(radiotap) == "none none none");
  Decoded ppi = decode(kPpi, hex("0000 2000 69000000 0200 1400 0000000000000000 0500 0000") +
                                 hex("00000000 00000000") + data_to_ds);
  CHECK(ppi.fate() == "checksum");
  CHECK(addresses(ppi) == "none none none");
}

TEST_CASE("PPI wraps 802.11 and Ethernet") {
  Octets frame = hex("0801 0000") + first + second + third + hex("1000 424203 0102030405");
  Octets read = hex("0102030405");
  Octets common = hex("0200 1400 0000000000000000");
  Octets rest = hex("0000 0000 0000 0000 0000");
  CHECK(decode(kPpi, hex("0000 0800 69000000") + frame).payload() == read);
  CHECK(decode(kPpi, hex("0000 2000 69000000") + common + hex("0000") + rest + frame).payload() ==
        read);
  Octets with_fcs =
      hex("0000 2000 69000000") + common + hex("0100") + rest + frame + hex("deadbeef");
  CHECK(decode(kPpi, with_fcs).payload() == read);
  // The same field behind another one.
  CHECK(decode(kPpi, hex("0000 2600 69000000 0400 0200 ffff") + common + hex("0100") + rest +
                         frame + hex("deadbeef"))
            .payload() == read);
  CHECK(decode(kPpi, hex("0000 0800 01000000") + ethernet_addresses + hex("0800") + ipv4_hello)
            .payload() == text("hello"));
  every_cut(kPpi, hex("0000 0800 69000000 d400 0000") + first, 8 + 10);
}

TEST_CASE("PPI that lies, or wraps what is not read") {
  CHECK(decode(kPpi, hex("0000 0700 69000000") + data_to_ds).fate() == "link_header");
  CHECK(decode(kPpi, hex("0000 ffff 69000000") + data_to_ds).fate() == "link_header");
  CHECK(decode(kPpi, hex("0000 0c00 69000000 0200ffff") + data_to_ds).payload() == text("hello"));
  CHECK(decode(kPpi, hex("0000 0c00 69000000 02000400") + data_to_ds).payload() == text("hello"));
  Decoded itself = decode(kPpi, hex("0000 0800 c0000000") + data_to_ds);
  CHECK(itself.fate() == "link_type");
  CHECK(itself.counters.link_types[0].type == kPpi);
}
