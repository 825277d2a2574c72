// SPDX-License-Identifier: Apache-2.0
#include "support/dissect.hpp"

#include <stdexcept>

#include "dissect/dissectors.hpp"
#include "support/catch.hpp"

namespace tapwarden::test {

Octets hex(std::string_view digits) {
  Octets octets;
  int half = -1;
  for (char c : digits) {
    if (c == ' ' || c == '\n' || c == '\t') continue;
    auto place = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
    if (place == std::string_view::npos) throw std::invalid_argument("not a hexadecimal digit");
    if (half < 0) {
      half = static_cast<int>(place);
    } else {
      octets.push_back(static_cast<uint8_t>(half << 4 | static_cast<int>(place)));
      half = -1;
    }
  }
  if (half >= 0) throw std::invalid_argument("half an octet at the end");
  return octets;
}

Octets text(std::string_view text) { return {text.begin(), text.end()}; }

Octets operator+(Octets left, const Octets& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

std::vector<std::string> Dissected::all(Field field) const {
  std::vector<std::string> texts;
  for (const Said& one : said) {
    if (one.field == field) texts.push_back(one.text);
  }
  return texts;
}

std::string Dissected::one(Field field) const {
  auto texts = all(field);
  return texts.empty() ? "" : texts.size() > 1 ? "(several)" : texts[0];
}

Packet link_packet() {
  Packet packet;
  packet.source_mac = *parse_mac("00:00:5e:00:53:01");
  packet.target_mac = *parse_mac("00:00:5e:00:53:02");
  return packet;
}

Packet ip_packet(uint16_t source_port, uint16_t target_port) {
  Packet packet = link_packet();
  packet.source_ip = *IpAddress::parse("192.0.2.1");
  packet.target_ip = *IpAddress::parse("192.0.2.2");
  packet.source_port = source_port;
  packet.target_port = target_port;
  return packet;
}

Dissected dissect(Protocol protocol, const Packet& packet, const Octets& message) {
  Dissected result;
  auto collect = [](void* owner, const Observation& o) {
    static_cast<Dissected*>(owner)->said.push_back(
        {o.field, std::string(o.text.view()), o.host.mac, o.host.ip, o.host.mac_is_own});
  };
  Emit emit(collect, &result);
  emit.begin(packet, protocol);
  Reader reader{Bytes(message)};
  dissector(protocol)(packet, reader, emit);
  result.malformed = !reader.ok() || emit.is_malformed();
  result.inner = emit.inner();
  if (!result.malformed && result.inner != Protocol::ethernet) {
    emit.begin(packet, result.inner);
    dissector(result.inner)(packet, reader, emit);
    result.malformed = !reader.ok() || emit.is_malformed();
  }
  result.wants_more = emit.wants_more();
  result.wants_datagram = emit.wants_datagram();
  return result;
}

void every_prefix(Protocol protocol, const Packet& packet, const Octets& message) {
  size_t most = dissect(protocol, packet, message).said.size();
  for (size_t size = 0; size < message.size(); ++size) {
    Octets prefix(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
    prefix.shrink_to_fit();
    Dissected cut = dissect(protocol, packet, prefix);
    INFO("prefix of " << size << " octets");
    CHECK(cut.said.size() <= most);
  }
}

}  // namespace tapwarden::test
