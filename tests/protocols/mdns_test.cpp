// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/dissect.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

using Texts = std::vector<std::string>;

Octets u16(size_t value) { return {static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)}; }

/// A name from labels with '/' between them, so that a label may hold a dot.
Octets name(std::string_view labels) {
  Octets octets;
  while (!labels.empty()) {
    std::string_view label = labels.substr(0, labels.find('/'));
    labels.remove_prefix(std::min(label.size() + 1, labels.size()));
    octets.push_back(static_cast<uint8_t>(label.size()));
    octets.insert(octets.end(), label.begin(), label.end());
  }
  octets.push_back(0);
  return octets;
}

Octets record(const Octets& owner, uint16_t type, const Octets& data,
              std::string_view lifetime = "00000078", std::string_view class_number = "8001") {
  return owner + u16(type) + hex(class_number) + hex(lifetime) + u16(data.size()) + data;
}

Octets response(std::initializer_list<Octets> records, std::string_view flags = "8400") {
  Octets message = hex("0000") + hex(flags) + hex("0000") + u16(records.size()) + hex("0000 0000");
  for (const Octets& one : records) message = message + one;
  return message;
}

Dissected mdns(const Octets& message, const Packet& packet = ip_packet(5353, 5353)) {
  return dissect(Protocol::mdns, packet, message);
}

const Octets host = record(name("cam/local"), 1, hex("c0000201"));

/// What a camera announces: pointer, service, texts, both addresses; names compressed as usual.
/// 12: _CGI._tcp.local, 22: local
const Octets camera = hex("0000 8400 0000 0002 0000 0003") + name("_CGI/_tcp/local") +
                      hex("000c 0001 00001194") + u16(25) +
                      text(
                          "\x16"
                          "DS-2CD2042WD - 1234567") +
                      hex("c00c") + hex("c027 0021 8001 00000078") + u16(12) +
                      hex("0000 0000 0050") +
                      text(
                          "\x03"
                          "cam") +
                      hex("c016") + hex("c027 0010 8001 00001194") + u16(17) +
                      text(
                          "\x09"
                          "txtvers=1"
                          "\x06"
                          "path=/") +
                      hex("c052 0001 8001 00000078 0004 c0000201") +
                      hex("c052 001c 8001 00000078 0010 20010db8000000000000000000000001");

}  // namespace

TEST_CASE("mDNS announcement of a camera") {
  Dissected said = mdns(camera);
  CHECK_FALSE(said.malformed);
  CHECK(said.all(Field::service_instance) ==
        Texts{"DS-2CD2042WD - 1234567._CGI._tcp", "DS-2CD2042WD - 1234567._CGI._tcp"});
  CHECK(said.all(Field::service_text) == Texts{"txtvers=1", "path=/"});
  CHECK(said.all(Field::host_name) == Texts{"cam", "cam"});
  CHECK(said.all(Field::binding) == Texts{"192.0.2.1"});
  CHECK(said.said.size() == 7);
  CHECK(to_string(said.said[0].mac) == "00:00:5e:00:53:01");
}

TEST_CASE("mDNS binds only the address that the message came from") {
  Dissected other = mdns(response({record(name("cam/local"), 1, hex("c0000263"))}));
  CHECK(other.all(Field::host_name) == Texts{"cam"});
  CHECK(other.said.size() == 1);

  Packet packet = ip_packet(5353, 5353);
  packet.source_ip = *IpAddress::parse("fe80::1");
  Octets six = response({record(name("cam/local"), 28, hex("fe800000000000000000000000000001"))});
  CHECK(mdns(six, packet).one(Field::binding) == "fe80::1");
  CHECK(mdns(six, packet).said.size() == 2);
}

TEST_CASE("mDNS names outside .local say nothing") {
  Dissected said = mdns(response({record(name("cam/example/com"), 1, hex("c0000201")),
                                  record(name("local"), 1, hex("c0000201")),
                                  record(name("1/2/0/192/in-addr/arpa"), 12, name("cam/local")),
                                  record(name("x/example"), 16,
                                         text("\x03"
                                              "a=b"))}));
  CHECK(said.said.empty());
  CHECK_FALSE(said.malformed);
}

TEST_CASE("mDNS instances: dots in the label, subtypes, the list of services") {
  Dissected said =
      mdns(response({record(name("_ipp/_tcp/LOCAL"), 12, name("Dr. Who #1/_ipp/_tcp/LOCAL")),
                     record(name("_a/_sub/_ipp/_tcp/local"), 12, name("Lab/_ipp/_tcp/local")),
                     record(name("_services/_dns-sd/_udp/local"), 12, name("_CGI/_tcp/local")),
                     record(name("_ipp/_tcp/local"), 12, name("cam/local")),
                     record(name("x/local"), 33, hex("000000000050") + name("cam/local"))}));
  CHECK_FALSE(said.malformed);
  CHECK(said.all(Field::service_instance) == Texts{"Dr. Who #1._ipp._tcp", "Lab._ipp._tcp"});
  CHECK(said.all(Field::service_name) == Texts{"_CGI._tcp"});
  CHECK(said.said.size() == 3);
}

TEST_CASE("mDNS queries state nothing, known answers neither") {
  Octets query = response({host}, "0000");
  Dissected said = mdns(query);
  CHECK(said.said.empty());
  CHECK_FALSE(said.malformed);
}

TEST_CASE("mDNS responses that must be ignored: port, opcode, response code, goodbye, class") {
  CHECK(mdns(response({host})).said.size() == 2);
  CHECK(mdns(response({host}), ip_packet(53, 5353)).said.empty());
  CHECK(mdns(response({host}, "a400")).said.empty());
  CHECK(mdns(response({host}, "8403")).said.empty());
  CHECK(mdns(response({record(name("cam/local"), 1, hex("c0000201"), "00000000")})).said.empty());
  CHECK(mdns(response({record(name("cam/local"), 1, hex("c0000201"), "00000078", "0003")}))
            .said.empty());
}

TEST_CASE("mDNS response with a question before the answer") {
  Octets message = hex("0000 8400 0001 0001 0000 0000") + name("cam/local") + hex("0001 0001") +
                   hex("c00c 0001 8001 00000078 0004 c0000201");
  Dissected said = mdns(message);
  CHECK(said.one(Field::host_name) == "cam");
  CHECK(said.one(Field::binding) == "192.0.2.1");
  CHECK_FALSE(said.malformed);
}

TEST_CASE("mDNS facts before a fault stay") {
  auto bad = [](const Octets& record_octets) {
    Dissected said = mdns(response({host, record_octets}));
    CHECK(said.malformed);
    CHECK(said.all(Field::host_name) == Texts{"cam"});
    return said.said.size();
  };
  CHECK(bad(record(hex("c0ff"), 1, hex("c0000201"))) == 2);       // pointer out of the message
  CHECK(bad(record(hex("c025"), 1, hex("c0000201"))) == 2);       // pointer to itself
  CHECK(bad(record(name("b/local"), 1, hex("c00002"))) == 2);     // three octets of address
  CHECK(bad(record(name("b/local"), 28, hex("c0000201"))) == 2);  // four of sixteen
  CHECK(bad(record(name("b/local"), 12, Octets{})) == 2);         // no name
  CHECK(bad(record(name("b/local"), 12,
                   text("\x09"
                        "x"))) == 2);                            // name longer than its record
  CHECK(bad(record(name("b/local"), 33, hex("0000 00"))) == 2);  // service cut
  CHECK(bad(record(name("b/local"), 16,
                   text("\x03"
                        "a=b\xff"
                        "c"))) == 3);                                    // string too long
  CHECK(bad(name("b/local") + hex("0010 8001 00000078 ffff 00")) == 2);  // data too long
  CHECK(bad(Octets{}) == 2);                                             // count too high
}

TEST_CASE("mDNS texts that are no text are cleaned") {
  Dissected said =
      mdns(response({record(name("cam/local"), 16,
                            hex("05") + text("k=") + hex("00ff0a") + hex("00 02") + text("\x1b[")),
                     record(name(std::string_view("a\0b/local", 9)), 1, hex("c0000201"))}));
  CHECK_FALSE(said.malformed);
  CHECK(said.all(Field::service_text) == Texts{"k= \xef\xbf\xbd", "["});
  CHECK(said.one(Field::host_name) == "a b");
}

TEST_CASE("mDNS reads a bounded number of records, strings and questions") {
  Octets many = hex("0000 8400 0000 ffff ffff ffff");
  for (int i = 0; i < 1000; ++i) many = many + host;
  CHECK(mdns(many).said.size() == 64 * 2);

  Octets strings;
  for (int i = 0; i < 1000; ++i) strings = strings + text("\x01x");
  CHECK(mdns(response({record(name("cam/local"), 16, strings)})).said.size() == 64);

  Octets questions = hex("0000 8400 ffff 0001 0000 0000");
  for (int i = 0; i < 1000; ++i) questions = questions + hex("00 0001 0001");
  CHECK(mdns(questions).malformed);
}

TEST_CASE("mDNS cut anywhere") {
  every_prefix(Protocol::mdns, ip_packet(5353, 5353), camera);
  for (size_t size = 0; size < camera.size(); ++size) {
    CHECK(
        mdns(Octets(camera.begin(), camera.begin() + static_cast<std::ptrdiff_t>(size))).malformed);
  }
}
