// SPDX-License-Identifier: Apache-2.0
// Datagrams of sFlow version 5 and messages of OpenFlow 1.0 to 1.5, made from their standards.
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets host(uint8_t source) {
  return ethernet(0x0800, ipv4(17, udp(4000, 4001, text("words")), source), source);
}
Octets by_udp(const Octets& body) { return ethernet(0x0800, ipv4(17, udp(40000, 6343, body))); }
Octets by_tcp(const Octets& body, size_t port = 6653) {
  return ethernet(0x0800, ipv4(6, tcp(1, 0x18, body, 40000, port)));
}

Octets record(uint32_t format, const Octets& body) {
  return be32(format) + be32(static_cast<uint32_t>(body.size())) + body;
}
Octets raw_header(Octets octets, uint32_t protocol = 1, uint32_t wire_size = 0) {
  auto size = static_cast<uint32_t>(octets.size());
  while (octets.size() % 4 != 0) octets.push_back(0);
  return record(
      1, be32(protocol) + be32(wire_size == 0 ? size : wire_size) + be32(4) + be32(size) + octets);
}
Octets flow(const Octets& records, uint32_t count) {
  return record(1, Octets(7 * 4) + be32(count) + records);
}
Octets expanded(const Octets& records, uint32_t count) {
  return record(3, Octets(10 * 4) + be32(count) + records);
}
Octets sflow(const Octets& samples) {
  return be32(5) + be32(1) + hex("c0000202") + Octets(12) + be32(2) + samples;
}

Octets packet_in(uint8_t version, const Octets& head, const Octets& frame) {
  Octets body = be32(7) + head + frame;
  return Octets{version, 10} + be16(body.size() + 4) + body;
}
Octets openflow(uint8_t version, const Octets& frame) {
  Octets size = be16(frame.size());
  Octets match = hex("0001 000c 8000000400000001 00000000");
  switch (version) {
    case 1:
      return packet_in(1, hex("ffffffff") + size + hex("0001 00 00"), frame);
    case 2:
      return packet_in(2, hex("ffffffff 00000001 00000001") + size + hex("00 00"), frame);
    case 3:
      return packet_in(3, hex("ffffffff") + size + hex("00 00") + match + hex("0000"), frame);
    default:
      return packet_in(version,
                       hex("ffffffff") + size + hex("00 00 0000000000000000") + match + hex("0000"),
                       frame);
  }
}

}  // namespace

TEST_CASE("sFlow: every sampled frame of a datagram is read") {
  Told told;
  Octets counters = record(2, Octets(40, 0x11));
  Octets extended_switch = record(1001, Octets(16));
  told(by_udp(sflow(counters + flow(extended_switch + raw_header(host(9)), 2) +
                    expanded(raw_header(host(8)) + raw_header(host(7)), 2))));
  for (const char* end : {"9", "8", "7"}) {
    CHECK(told.has(Tunnel::sflow, 0, (std::string("00:00:5e:00:53:0") + end).c_str(),
                   (std::string("192.0.2.") + end).c_str()));
  }
  CHECK(told.senders.size() == 4);
  CHECK(told.entered(Tunnel::sflow) == 3);
  CHECK(told.worker->decoded().tunnels_malformed == 0);
}

TEST_CASE("sFlow: a header that the switch cut, IP alone, and what is no frame") {
  Told told;
  Octets cut = host(9);
  cut.resize(14 + 20 + 8 + 2);
  told(by_udp(sflow(flow(raw_header(cut, 1, 1500), 1))));
  CHECK(told.has(Tunnel::sflow, 0, "00:00:5e:00:53:09", "192.0.2.9"));
  told(by_udp(sflow(flow(raw_header(ipv4(17, udp(1, 2, {}), 8), 11), 1))));
  CHECK(told.has(Tunnel::sflow, 0, "-", "192.0.2.8"));
  told(by_udp(sflow(flow(raw_header(host(7), 5), 1))));
  CHECK(told.senders.size() == 3);
}

TEST_CASE("sFlow: other versions and lengths that lie are counted, and name nobody") {
  Told told;
  told(by_udp(be32(4) + Octets(40)));
  told(by_udp(be32(5) + be32(3) + Octets(40)));
  told(by_udp(sflow(be32(1) + be32(0xfffffff0))));
  CHECK(told.worker->decoded().tunnels_malformed == 3);
  told(by_udp(sflow(flow(be32(1) + be32(0xffffffff), 0xffffffff))));
  CHECK(told.senders.size() == 1);
}

TEST_CASE("sFlow: samples of samples are not entered, and there is a bound") {
  Octets inside = by_udp(sflow(flow(raw_header(host(9)), 1)));
  Told told;
  told(by_udp(sflow(flow(raw_header(inside), 1))));
  CHECK(told.entered(Tunnel::sflow) == 1);
  Octets many;
  for (int i = 0; i < 100; ++i) many = many + flow(raw_header(host(9)), 1);
  told(by_udp(sflow(many)));
  CHECK(told.entered(Tunnel::sflow) == 1 + Samples::samples_max);
}

TEST_CASE("OpenFlow: the frame that a switch shows its controller, in every version") {
  for (uint8_t version : Octets{1, 2, 3, 4, 6}) {
    INFO("version " << int{version});
    Told told;
    Octets hello = Octets{version, 0} + be16(8) + be32(1);
    told(by_tcp(hello + openflow(version, host(9)) + openflow(version, host(8))));
    CHECK(told.has(Tunnel::openflow, 0, "00:00:5e:00:53:09", "192.0.2.9"));
    CHECK(told.has(Tunnel::openflow, 0, "00:00:5e:00:53:08", "192.0.2.8"));
    CHECK(told.entered(Tunnel::openflow) == 2);
  }
}

TEST_CASE("OpenFlow: other messages, other ports, other protocols on the port") {
  Told told;
  told(by_tcp(openflow(1, host(9)), 8080));
  told(by_tcp(text("GET / HTTP/1.1\r\nHost: a\r\n\r\n")));
  Octets out = openflow(1, host(9));
  out[1] = 13;
  told(by_tcp(out));
  Octets lies = openflow(4, host(9));
  lies[8 + 18] = 0xff;  // a match longer than the message
  lies[8 + 19] = 0xff;
  told(by_tcp(lies));
  CHECK(told.senders.size() == 1);
  CHECK(told.entered(Tunnel::openflow) == 0);
  CHECK(told.worker->decoded().tunnels_malformed == 1);
}

TEST_CASE("Samples: every prefix is read without a step too far, and invents nobody") {
  for (const Octets& whole :
       {by_udp(sflow(flow(raw_header(host(9)), 1) + expanded(raw_header(host(9)), 1))),
        by_tcp(openflow(1, host(9))), by_tcp(openflow(4, host(9)))}) {
    Told told;
    for (size_t size = 0; size < whole.size(); ++size)
      told(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    for (const auto& [tunnel, id, mac, ip] : told.senders) {
      CHECK((mac == "-" || mac == "00:00:5e:00:53:01" || mac == "00:00:5e:00:53:09"));
      CHECK((ip == "-" || ip == "192.0.2.1" || ip == "192.0.2.9"));
    }
  }
}
