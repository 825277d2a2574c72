// SPDX-License-Identifier: Apache-2.0
#include "dissect/certificate.hpp"
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

enum : uint8_t { kSyn = 2, kAck = 16 };

Octets u8(size_t value) { return {static_cast<uint8_t>(value)}; }
Octets u16(size_t value) { return u8(value >> 8) + u8(value & 0xff); }
Octets u24(size_t value) { return u8(value >> 16) + u16(value & 0xffff); }
Octets zeros(size_t count) { return Octets(count); }

Octets record(const Octets& content, uint8_t type = 22, std::string_view version = "0303") {
  return u8(type) + hex(version) + u16(content.size()) + content;
}
Octets message(uint8_t type, const Octets& body) { return u8(type) + u24(body.size()) + body; }
Octets extension(uint16_t type, const Octets& body) { return u16(type) + u16(body.size()) + body; }

Octets server_names(std::string_view name, uint8_t type = 0) {
  Octets entry = u8(type) + u16(name.size()) + text(name);
  return extension(0, u16(entry.size()) + entry);
}
Octets alpn(std::initializer_list<std::string_view> names) {
  Octets list;
  for (std::string_view name : names) list = list + u8(name.size()) + text(name);
  return extension(16, u16(list.size()) + list);
}
Octets hello_body(const Octets& extensions, const Octets& cookie = {}) {
  return hex("0303") + zeros(32) + u8(32) + zeros(32) + cookie + u16(4) + hex("13011302") + u8(1) +
         u8(0) + u16(extensions.size()) + extensions;
}
Octets client_hello(const Octets& extensions) { return message(1, hello_body(extensions)); }

/// Made with openssl: C=CN, L=HANGZHOU, O=DAHUA, Ltd, OU=DAHUATECH, CN=192.168.1.108, self-signed.
const Octets leaf = hex(R"(
30820218308201bda003020102021443e47e218d30fbfd1ea81ad8812593056edf1429300a06082a8648ce3d0403023061310b300906035504061302
434e3111300f06035504070c0848414e475a484f5531133011060355040a0c0a44414855412c204c746431123010060355040b0c0944414855415445
43483116301406035504030c0d3139322e3136382e312e313038301e170d3236313132333230323133325a170d3336313132303230323133325a3061
310b300906035504061302434e3111300f06035504070c0848414e475a484f5531133011060355040a0c0a44414855412c204c746431123010060355
040b0c094441485541544543483116301406035504030c0d3139322e3136382e312e3130383059301306072a8648ce3d020106082a8648ce3d030107
0342000476e65ff6c5a3dbb0ce49453c511a7a9954043a7fdb43bfdea0e38fbe2db86a149af41a93297595c109546c4f0a3df392c3a883ecd1b93043
5ade65c1306badf0a3533051301d0603551d0e041604145c32e1490bbc60b7a99369a3b0be0d500ff1bfe5301f0603551d230418301680145c32e149
0bbc60b7a99369a3b0be0d500ff1bfe5300f0603551d130101ff040530030101ff300a06082a8648ce3d0403020349003046022100968eb89ba91be6
900646a960d2fb98602ae6166c9f4a7e8b35adc0f60ee4a023022100fbbba99fad8797a9de9fb57ba611e30625c1d496e6cf70588c353153925279d6)");
constexpr std::string_view leaf_name =
    "CN=192.168.1.108, OU=DAHUATECH, O=DAHUA\\, Ltd, L=HANGZHOU, C=CN";

constexpr std::string_view leaf_sha256 =
    "6c66839d6fcfa9770c77f8f1abc5b30ba436b453d33bc270552a7a70362759c2";

const Octets server_hello = message(2, hex("0303") + zeros(32) + u8(0) + hex("c02f00"));
Octets certificate(const Octets& own, const Octets& others = {}) {
  Octets chain = u24(own.size()) + own + others;
  return message(11, u24(chain.size()) + chain);
}
const Octets done = message(14, {});

const Octets client =
    record(client_hello(extension(10, hex("0002001d")) + server_names("dev.hik-connect.com") +
                        alpn({"h2", "http/1.1"})),
           22, "0301");
const Octets server = record(server_hello + certificate(leaf, u24(5) + zeros(5)) + done);

const Octets warning = record(hex("0170"), 21);  // unrecognized_name

Dissected from_client(const Octets& stream) {
  return dissect(Protocol::tls, ip_packet(50000, 443), stream);
}
Dissected from_server(const Octets& stream) {
  return dissect(Protocol::tls, ip_packet(443, 50000), stream);
}

void check_silent(const Dissected& result) {
  CHECK(result.said.empty());
  CHECK_FALSE(result.malformed);
}
/// A hello that names nothing still has a fingerprint.
void check_fingerprint_only(const Dissected& result) {
  CHECK(result.said.size() == 1);
  CHECK(result.one(Field::ja4).size() == 36);
  CHECK_FALSE(result.malformed);
}
void check_names(const Dissected& result) {
  CHECK(result.said.size() == 3);
  CHECK(result.one(Field::certificate_sha256) == leaf_sha256);
  CHECK(result.one(Field::certificate_subject) == leaf_name);
  CHECK(result.one(Field::certificate_issuer) == leaf_name);
  CHECK_FALSE(result.malformed);
}

}  // namespace

TEST_CASE("TLS client: which server it asks for and what it would speak") {
  Dissected result = from_client(client);
  CHECK(result.said.size() == 3);
  CHECK(result.one(Field::server_name) == "dev.hik-connect.com");
  CHECK(result.one(Field::alpn) == "h2,http/1.1");
  CHECK(result.one(Field::ja4) == "t12d0203h2_62ed6f6ca7ad_a8f3e973773c");  // by its definition
  CHECK(to_string(result.said[0].ip) == "192.0.2.1");
  CHECK_FALSE(result.malformed);

  check_fingerprint_only(from_client(record(client_hello({}))));
  check_fingerprint_only(from_client(record(client_hello(server_names("x", 1)))));
  Octets without_extensions =
      hex("0303") + zeros(32) + u8(0) + u16(2) + hex("002f") + u8(1) + u8(0);
  check_fingerprint_only(from_client(record(message(1, without_extensions))));
  CHECK(from_client(record(message(1, without_extensions))).one(Field::ja4) ==
        "t12i010000_ba72b8082249_000000000000");
}

TEST_CASE("TLS messages may be spread over records") {
  Octets hello = client_hello(server_names("a.example") + alpn({"h2"}));
  Octets stream;
  for (uint8_t octet : hello) stream = stream + record({octet});
  Dissected result = from_client(stream);
  CHECK(result.said.empty());  // more records than there is patience for
  Octets parts = record(Octets(hello.begin(), hello.begin() + 3)) +
                 record(Octets(hello.begin() + 3, hello.begin() + 90)) +
                 record(Octets(hello.begin() + 90, hello.end()));
  CHECK(from_client(parts).one(Field::server_name) == "a.example");
  check_names(from_server(record(server_hello) + record(certificate(leaf)) + record(done)));
}

TEST_CASE("TLS server up to 1.2: the names in its own certificate") {
  check_names(from_server(server));
  CHECK(to_string(from_server(server).said[0].ip) == "192.0.2.1");
  // What lies behind the server's own certificate need not be there.
  check_names(from_server(record(server_hello + certificate(leaf))));
  check_silent(from_server(record(server_hello + message(11, hex("000000")) + done)));
  check_silent(from_server(record(server_hello + done)));
}

TEST_CASE("TLS in two segments, wherever the cut is") {
  for (const Octets& stream : {client, server, warning + server}) {
    for (auto middle = stream.begin() + 1; middle < stream.end(); ++middle) {
      Told told;
      auto segment = [&](uint32_t sequence, uint8_t flags, const Octets& part) {
        told(ethernet(0x0800, ipv4(6, tcp(sequence, flags, part))));
      };
      segment(99, kSyn, {});
      segment(100, kAck, Octets(stream.begin(), middle));
      segment(100 + static_cast<uint32_t>(middle - stream.begin()), kAck,
              Octets(middle, stream.end()));
      INFO("cut at " << middle - stream.begin());
      REQUIRE(told.facts.size() == 3);
      CHECK(told.facts[1] == (stream == client ? "h2,http/1.1" : leaf_name));
    }
  }
}

TEST_CASE("TLS server: the names stand at the front of a certificate that is not whole") {
  Octets whole = certificate(leaf);
  auto up_to = [&](std::ptrdiff_t size) {
    return from_server(record(server_hello + Octets(whole.begin(), whole.begin() + size)));
  };
  Dissected front = up_to(300);
  CHECK(front.said.size() == 2);
  CHECK(front.one(Field::certificate_subject) == leaf_name);
  CHECK(front.one(Field::certificate_issuer) == leaf_name);
  CHECK_FALSE(front.malformed);
  CHECK(up_to(200).said.empty());
}

TEST_CASE("TLS: what is encrypted says nothing") {
  check_silent(from_server(record(server_hello) + record({1}, 20) + record(zeros(40), 23)));
  check_silent(from_server(record(zeros(40))));
  check_silent(from_server(record(hex("1400000c") + zeros(12))));
  check_silent(from_server(record(hex("0228"), 21)));
  check_silent(from_server(record(hex("0228"), 21) + server));
  check_silent(from_server(warning));
  check_names(from_server(warning + warning + server));
}

TEST_CASE("TLS refuses what is not what it claims") {
  // A message that ends in another kind of record.
  Octets hello = client_hello(server_names("a.example"));
  CHECK(from_client(record(Octets(hello.begin(), hello.begin() + 60)) + record({1}, 20)).malformed);
  CHECK(from_client(record(message(1, hex("0303")))).malformed);
  CHECK(from_client(record(client_hello(extension(0, hex("ffff00000161"))))).malformed);
  CHECK(from_client(record(client_hello(extension(16, hex("0003ff6832"))))).malformed);
  CHECK(from_client(record(client_hello(hex("0000ffff")))).malformed);
  CHECK(from_server(record(server_hello + certificate(hex("3003020100")))).malformed);
  Octets nul = record(client_hello(server_names(std::string_view("a\0b\x1b", 4))));
  CHECK(from_client(nul).one(Field::server_name).find('\x1b') == std::string::npos);
  CHECK(from_client(record(client_hello(server_names(std::string(4000, 'x')))))
            .one(Field::server_name)
            .size() == Observation::text_max);
}

TEST_CASE("TLS bounds: many extensions, many protocols, a head that is full") {
  Octets many;
  for (int i = 0; i < 130; ++i) many = many + extension(0x1234, {});
  check_silent(from_client(record(client_hello(many + server_names("behind")))));
  std::string longest(255, 'p');
  CHECK(from_client(record(client_hello(alpn({longest, longest, longest}))))
            .one(Field::alpn)
            .size() == 511);
  Octets large = server_hello + certificate(leaf, u24(40000) + zeros(40000)) + done;
  Octets stream;
  for (size_t at = 0; at < large.size(); at += 16000) {
    size_t end = std::min(large.size(), at + 16000);
    stream = stream + record(Octets(large.begin() + static_cast<std::ptrdiff_t>(at),
                                    large.begin() + static_cast<std::ptrdiff_t>(end)));
  }
  check_names(from_server(stream));
}

TEST_CASE("DTLS: hello with a cookie, certificate, fragments") {
  auto datagram = [](const Octets& content, std::string_view epoch = "0000") {
    return u8(22) + hex("fefd") + hex(epoch) + zeros(6) + u16(content.size()) + content;
  };
  auto part = [](uint8_t type, const Octets& body) {
    return u8(type) + u24(body.size()) + u16(0) + u24(0) + u24(body.size()) + body;
  };
  Octets body = hello_body(server_names("a.example"), u8(4) + zeros(4));
  CHECK(from_client(datagram(part(1, body))).one(Field::server_name) == "a.example");
  check_silent(from_client(datagram(part(1, body), "0001")));
  CHECK(from_client(datagram(part(1, body))).one(Field::ja4).starts_with("d12d0201"));
  Octets chain = u24(leaf.size() + 3) + u24(leaf.size()) + leaf;
  check_names(from_server(datagram(part(2, zeros(38))) + datagram(part(11, chain))));
  check_names(from_server(datagram(part(2, zeros(38)) + part(11, chain) + part(14, {}))));
  auto up_to = [&](size_t size) {
    Octets content(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(size));
    return datagram(u8(11) + u24(chain.size()) + u16(0) + u24(0) + u24(size) + content);
  };
  CHECK(from_server(up_to(300)).one(Field::certificate_subject) == leaf_name);
  CHECK(from_server(up_to(300)).said.size() == 2);
  check_silent(from_server(up_to(200)));
  CHECK(from_client(datagram(part(1, hex("fefd")))).malformed);

  // In pieces: of one record, of several records, of several datagrams.
  auto piece = [&](uint8_t kind, const Octets& whole, size_t begin, size_t end, uint16_t number) {
    auto at = [&](size_t place) { return whole.begin() + static_cast<std::ptrdiff_t>(place); };
    return u8(kind) + u24(whole.size()) + u16(number) + u24(begin) + u24(end - begin) +
           Octets(at(begin), at(end));
  };
  size_t end = body.size();
  CHECK(from_client(datagram(piece(1, body, 0, 40, 1) + piece(1, body, 40, end, 1)))
            .one(Field::server_name) == "a.example");
  Octets back = datagram(piece(1, body, 40, end, 1));
  Octets front = datagram(piece(1, body, 0, 40, 1));
  CHECK(from_client(back + front).one(Field::server_name) == "a.example");
  CHECK(from_client(front).wants_datagram);
  CHECK(from_client(front).said.empty());
  CHECK_FALSE(from_client(front).malformed);
  // Pieces of two messages are not put together.
  CHECK(from_client(front + datagram(piece(1, body, 40, end, 2))).said.empty());
  // The server's own certificate is at the front of its chain: the rest need not come.
  Octets long_chain = u24(leaf.size() + 3006) + u24(leaf.size()) + leaf + u24(3000) + zeros(3000);
  Dissected cut = from_server(datagram(piece(11, long_chain, 0, leaf.size() + 10, 3)));
  check_names(cut);
  CHECK_FALSE(cut.wants_datagram);
  CHECK(from_server(datagram(piece(11, long_chain, 0, 300, 3))).wants_datagram);
  CHECK(from_client(datagram(u8(1) + u24(40) + u16(0) + u24(30) + u24(20) + zeros(20))).malformed);
  Octets endless = u8(1) + u24(0xffffff) + u16(0) + u24(0xfff000) + u24(20) + zeros(20);
  CHECK(from_client(datagram(endless)).wants_datagram);
  every_prefix(Protocol::tls, ip_packet(50000, 443), datagram(part(1, body)));
}

TEST_CASE("TLS: the other host names of a certificate") {
  auto part = [](uint8_t tag, const Octets& content) {
    return u8(tag) + (content.size() < 128 ? Octets{} : hex("81")) + u8(content.size()) + content;
  };
  auto with = [&](const Octets& names) {
    Octets extension = part(0x30, hex("0603551d11 0101ff") + part(4, part(0x30, names)));
    Octets other = part(0x30, hex("0603551d13 0400"));
    Octets fields = hex("a003020102 020101 3000 3000 3000 3000 3000 820100") +
                    part(0xa3, part(0x30, other + extension));
    return from_server(record(server_hello + certificate(part(0x30, part(0x30, fields))) + done));
  };
  Dissected result = with(part(0x82, text("hg8245.home")) + part(0x87, hex("c0a80101")) +
                          part(0x82, text("router.example")));
  CHECK(result.all(Field::certificate_host) ==
        std::vector<std::string>{"hg8245.home", "router.example"});
  CHECK_FALSE(result.malformed);
  Octets many;
  for (int i = 0; i < 9; ++i) many = many + part(0x82, text("h"));
  CHECK(with(many).all(Field::certificate_host).size() == 4);
  CHECK(with(hex("8205")).malformed);
  CHECK(with({}).all(Field::certificate_host).empty());
}

TEST_CASE("A distinguished name: fixed order, escapes, sets, wide text") {
  auto name_of = [](const Octets& octets) {
    DistinguishedName name;
    bool ok = name.read(Reader{Bytes(octets)});
    return (ok ? "" : "malformed ") + std::string(name.view());
  };
  auto pair = [](std::string_view type, uint8_t tag, const Octets& value) {
    Octets content = hex("0603") + hex(type) + u8(tag) + u8(value.size()) + value;
    return u8(0x30) + u8(content.size()) + content;
  };
  auto set = [](const Octets& pairs) { return u8(0x31) + u8(pairs.size()) + pairs; };
  CHECK(name_of({}) == "");
  CHECK(name_of(set(pair("55040a", 0x0c, text("x, O=y\\"))) +
                set(pair("550403", 0x13, text("a")))) == "CN=a, O=x\\, O=y\\\\");
  CHECK(name_of(set(pair("55040b", 12, text("one")) + pair("55040b", 12, text("two")))) ==
        "OU=one, OU=two");
  CHECK(name_of(set(pair("550403", 0x1e, hex("00484e2d0049")))) == "CN=H?I");
  CHECK(name_of(set(pair("550405", 0x13, text("serial")))) == "");
  CHECK(name_of(hex("3100ff")) == "malformed ");
  CHECK(name_of(set(pair("550403", 12, text("kept"))) + hex("31053003060155")) ==
        "malformed CN=kept");
}

TEST_CASE("TLS cut anywhere") {
  every_prefix(Protocol::tls, ip_packet(50000, 443), client);
  every_prefix(Protocol::tls, ip_packet(443, 50000), server);
}
