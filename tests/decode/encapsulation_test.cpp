// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets inner() { return ipv4(17, udp(4000, 4001, {}), 9); }
uint64_t undecoded(const Told& told, Undecoded reason) {
  return told.worker->decoded().undecoded[static_cast<size_t>(reason)];
}

}  // namespace

TEST_CASE("Encapsulations: the frame behind the tag is the host's") {
  Octets host = ethernet(0x0800, inner(), 9);
  for (const Octets& octets :
       {ethernet(0x88e7, hex("00000001") + host), ethernet(0x8903, hex("0001") + host),
        ethernet(0x8926, hex("00000000 0800") + inner(), 9)}) {
    Told told;
    told(octets);
    CHECK(told.senders.size() == 1);
    CHECK(told.has(Tunnel::none, 0, "00:00:5e:00:53:09", "192.0.2.9"));
    for (size_t size = 0; size < octets.size(); ++size)
      told(Octets(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size)));
  }
}

TEST_CASE("MPLS: labels, IP, and a pseudowire with and without a control word") {
  Octets host = ethernet(0x0800, inner(), 9);
  Told told;
  told(ethernet(0x8847, hex("00010040 00020140") + inner()));
  CHECK(told.has(Tunnel::none, 0, "00:00:5e:00:53:01", "192.0.2.9"));
  told(ethernet(0x8847, hex("00010140 00000000") + host));
  CHECK(told.entered(Tunnel::mpls) == 1);
  told(ethernet(0x8847, hex("00010140") + host));
  CHECK(told.entered(Tunnel::mpls) == 2);
  Octets camera = host;  // to a MAC that opens as IPv4 does
  camera[0] = 0x44;
  told(ethernet(0x8847, hex("00010140") + camera));
  CHECK(told.entered(Tunnel::mpls) == 3);
  told(ethernet(0x8847, hex("00010140 10000007") + hex("0102030405060708090a0b0c0d0e0f10")));
  CHECK(told.entered(Tunnel::mpls) == 3);  // an associated channel holds no frame
  CHECK(told.has(Tunnel::mpls, 16, "00:00:5e:00:53:09", "192.0.2.9"));
  told(ethernet(0x8847, hex("00010040 00020140 00000000") + host));
  CHECK(told.has(Tunnel::mpls, 32, "00:00:5e:00:53:09", "192.0.2.9"));  // the label at the bottom
  Octets endless;
  for (int i = 0; i < 100; ++i) endless = endless + hex("00010040");
  told(ethernet(0x8847, endless));
  CHECK(undecoded(told, Undecoded::mpls) == 1);
}

TEST_CASE("Encapsulations: headers in headers are read to a bound, whatever they are") {
  Octets backbone = inner(), tag = be16(0x0800) + inner();
  for (int i = 0; i < 3000; ++i) tag = hex("8926 00000000") + tag;
  for (int i = 0; i < 100; ++i) backbone = hex("00000001") + ethernet(0x88e7, backbone);
  Octets chain = hex("aaaa03000000 0800") + inner();
  for (int i = 0; i < 100; ++i) chain = hex("aaaa03000000 8100 0000 05dc") + chain;
  Told told;
  told(ethernet(0x88e7, backbone));
  told(hex("00005e005302 00005e005301") + tag);
  told(ethernet(0x05dc, chain));
  CHECK(undecoded(told, Undecoded::link_header) == 2);
  CHECK(undecoded(told, Undecoded::llc) == 1);
}

TEST_CASE("NSH: what its field names, and a chain of them to the bound") {
  Told told;
  told(ethernet(0x894f, hex("0fc20201 000001ff") + inner()));
  CHECK(told.has(Tunnel::none, 0, "00:00:5e:00:53:01", "192.0.2.9"));
  told(ethernet(0x894f, hex("0fc60103 000001ff 00000000 00000000 00000000 00000000") +
                            ethernet(0x0800, inner(), 9)));
  CHECK(told.has(Tunnel::none, 0, "00:00:5e:00:53:09", "192.0.2.9"));
  Octets chain = inner();
  for (int i = 0; i < 100; ++i) chain = hex("0fc20204 000001ff") + chain;
  told(ethernet(0x894f, chain));
  told(ethernet(0x894f, hex("0fc10201") + inner()));  // shorter than its own head
  CHECK(undecoded(told, Undecoded::link_header) == 2);
}

TEST_CASE("PPPoE: IP behind it, and a length that lies") {
  Told told;
  told(ethernet(0x8864, hex("11000001 ffff 0021") + inner()));
  CHECK(told.has(Tunnel::none, 0, "00:00:5e:00:53:01", "192.0.2.9"));
  told(ethernet(0x8864, hex("11000001 0001 0021") + inner()));
  CHECK(undecoded(told, Undecoded::ppp) == 1);
}
