// SPDX-License-Identifier: Apache-2.0
#include "pipeline/stacks.hpp"

#include "inventory/stacks.hpp"

#include "dissect/emit.hpp"
#include "support/catch.hpp"
#include "support/site.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

struct Opened {
  Opened()
      : stacks(
            [](void* self, const Observation& one) {
              static_cast<Opened*>(self)->said.push_back(std::to_string(one.frame) + ": " +
                                                         std::string(one.text.view()) + " from " +
                                                         to_string(one.host.ip));
            },
            this) {}

  void operator()(int hop_limit, std::string_view ip = "10.0.0.1", uint8_t flags = 2) {
    Packet packet;
    packet.time = at(seconds);
    packet.frame = ++frame;
    packet.source_mac = parse_mac("02:00:00:00:00:01").value();
    packet.target_mac = parse_mac("02:00:00:00:00:02").value();
    packet.source_ip = IpAddress::parse(ip).value();
    packet.target_ip = IpAddress::parse("10.0.0.99").value();
    packet.ip_protocol = protocol;
    packet.tcp_flags = flags;
    packet.hop_limit = static_cast<uint8_t>(hop_limit);
    stacks(packet, sender_of(packet));
  }

  Stacks stacks;
  Lines said;
  uint8_t protocol = 6;
  int64_t seconds = 0;
  uint64_t frame = 0;
};

std::string systems(const Device& device) {
  std::string text;
  for (const Claim* claim : several_systems(device))
    text += (text.empty() ? "" : ", ") + claim->value;
  return text;
}

}  // namespace

TEST_CASE("Stacks: one start value tells nothing, two tell both", "[stacks]") {
  Opened opened;
  for (int i = 0; i < 50; ++i) opened(64);
  CHECK(opened.said.empty());
  opened(127);
  CHECK(opened.said == Lines{"1: 64 of 64 from 10.0.0.1", "51: 127 of 128 from 10.0.0.1"});
  opened(127);
  opened(63);
  CHECK(opened.said.size() == 2);
  opened(255);
  CHECK(opened.said.size() == 3);
  CHECK(opened.said.back() == "54: 255 of 255 from 10.0.0.1");
}

TEST_CASE("Stacks: only what opens a connection, from near enough, counts", "[stacks]") {
  Opened opened;
  opened(64);
  opened(128, "10.0.0.1", 0x12);  // an answer
  opened(128, "10.0.0.1", 0x10);
  opened.protocol = 17;
  opened(128);
  opened.protocol = 6;
  opened(128, "10.0.0.2");  // another host
  for (int odd : {0, 1, 32, 33, 65, 97, 129, 224}) opened(odd);
  opened(34);  // of 64, thirty hops away
  CHECK(opened.said.empty());
  opened(98);  // of 128, thirty hops away
  CHECK(opened.said.size() == 2);
}

TEST_CASE("Stacks: an address may pass to another host", "[stacks]") {
  Opened opened;
  opened(64);
  opened.seconds = 601;
  opened(128);
  CHECK(opened.said.empty());
  opened.seconds = 1201;
  opened(64);
  CHECK(opened.said == Lines{"3: 64 of 64 from 10.0.0.1", "2: 128 of 128 from 10.0.0.1"});
}

TEST_CASE("Stacks: the table is bounded, and what gives way is counted", "[stacks]") {
  Opened opened;
  for (uint64_t i = 0; i < 2 * Stacks::entries; ++i)
    opened(64, "10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1));
  CHECK(opened.stacks.evicted() >= Stacks::entries);
  CHECK(opened.stacks.evicted() < 2 * Stacks::entries);
}

TEST_CASE("Several systems behind one address are said, and judge nobody", "[stacks][inventory]") {
  Site site;
  Machine server{"18:66:da:00:00:01", "10.1.0.1"};
  Machine translator{"00:56:2b:00:00:02", "10.1.0.2"};
  Machine plain{"94:57:a5:00:00:03", "10.1.0.3"};
  site.arp(translator);
  site.tcp(translator, server, 50001, 9999, "x", 64);
  site.tcp(translator, server, 50002, 9999, "x", 127);
  site.tcp(plain, server, 50003, 9999, "x", 128);
  site.tcp(plain, server, 50004, 9999, "x", 128);
  const Device* device = site.find(translator.mac);
  REQUIRE(device);
  CHECK(systems(*device) == "hop limit 64, hop limit 128");
  CHECK(several_systems(*device)[1]->text == "127 of 128");
  CHECK(several_systems(*device)[1]->frame == 4);
  CHECK(verdict_text(*device) == "none");
  CHECK(systems(*site.find(plain.mac)).empty());
  CHECK(site.flagged() == Lines{});
}

TEST_CASE("Several systems by what programs call themselves", "[stacks][inventory]") {
  auto get = [](std::string_view agent) {
    return "GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: " + std::string(agent) + "\r\n\r\n";
  };
  constexpr std::string_view windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101";
  constexpr std::string_view phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X)";
  constexpr std::string_view tablet = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari";
  Site site;
  Machine server{"18:66:da:00:00:01", "10.1.0.1"};
  Machine both{"94:57:a5:00:00:02", "10.1.0.2"};
  Machine apple{"94:57:a5:00:00:03", "10.1.0.3"};
  site.tcp(both, server, 50001, 80, get(windows));
  site.tcp(both, server, 50002, 80, get(windows));
  site.tcp(both, server, 50003, 80, get(phone));
  site.tcp(apple, server, 50004, 80, get(phone));
  site.tcp(apple, server, 50005, 80, get(tablet));
  site.tcp(apple, server, 50006, 80, get("curl/8.0"));
  CHECK(systems(*site.find(both.mac)) == "Windows, Apple");
  CHECK(systems(*site.find(apple.mac)).empty());
  CHECK(site.flagged() == Lines{});
}

TEST_CASE("Systems: said at times that lie apart they contradict nothing", "[stacks]") {
  auto said = [](Field field, std::string_view value, int64_t first, int64_t last) {
    Evidence evidence;
    evidence.claim.aspect = Aspect::system;
    evidence.claim.field = field;
    evidence.claim.value = value;
    evidence.claim.time = at(first);
    evidence.last = at(last);
    return evidence;
  };
  Device device;
  device.evidence = {said(Field::user_agent, "Windows", 0, 100),
                     said(Field::user_agent, "Apple", 701, 900)};
  CHECK(systems(device).empty());
  device.evidence[0].last = at(101);
  CHECK(systems(device) == "Windows, Apple");
  device.evidence[0].last = at(9000);
  CHECK(systems(device) == "Windows, Apple");
  device.role = Role::remote;
  CHECK(systems(device).empty());
  device.role = Role::station;
  device.evidence[1].claim.value = "Windows";
  CHECK(systems(device).empty());
  // A hop limit and a program's name are no contradiction.
  device.evidence[1] = said(Field::hop_limit, "hop limit 64", 0, 100);
  CHECK(systems(device).empty());
}
