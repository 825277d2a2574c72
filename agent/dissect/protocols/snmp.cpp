// SPDX-License-Identifier: Apache-2.0
// SNMP v1, v2c and v3 (RFC 1157, 3416, 3412, 3414): what an agent says of its system in answers and
// notifications, and whose engine a v3 message names (RFC 3411, SnmpEngineID). A manager's requests
// say nothing of the manager. Communities and user names are secrets: they are stepped over.
#include <algorithm>

#include "dissect/ber.hpp"
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

enum Pdu : uint8_t {
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

constexpr uint8_t kIpAddress = 0x40;
constexpr uint8_t kTimeTicks = 0x43;
constexpr int64_t kUserSecurity = 3;   // RFC 3411, SnmpSecurityModel
constexpr uint8_t kReportable = 0x04;  // RFC 3412, section 6.4
constexpr uint16_t kAgentPort = 161;
constexpr uint16_t kNotificationPort = 162;
constexpr unsigned kBindingsMax = 256;

// Object identifiers as they are on the wire.
constexpr uint8_t kSystem[] = {0x2b, 6, 1, 2, 1, 1};                      // 1.3.6.1.2.1.1
constexpr uint8_t kEnterprises[] = {0x2b, 6, 1, 4, 1};                    // 1.3.6.1.4.1
constexpr uint8_t kTrapOid[] = {0x2b, 6, 1, 6, 3, 1, 1, 4, 1, 0};         // snmpTrapOID.0
constexpr uint8_t kTrapEnterprise[] = {0x2b, 6, 1, 6, 3, 1, 1, 4, 3, 0};  // snmpTrapEnterprise.0
constexpr uint8_t kTrapAddress[] = {0x2b, 6, 1, 6, 3, 18, 1, 3, 0};       // snmpTrapAddress.0

bool is_request(uint8_t pdu) {
  return pdu == kGet || pdu == kGetNext || pdu == kGetBulk || pdu == kSet;
}

bool starts_with(Bytes oid, Bytes prefix) {
  return oid.size() >= prefix.size() && std::ranges::equal(oid.first(prefix.size()), prefix);
}

/// Some agents answer sysObjectID with no identifier at all or with 0.0, the null identifier.
void object_id(Field field, Bytes contents, Emit& emit) {
  bool is_null = contents.empty() || (contents.size() == 1 && contents[0] == 0);
  if (!is_null) emit.oid(field, contents);
}

/// The enterprise that defined a notification: its identifier without the last number, and without
/// a zero before that (RFC 3584, section 3.2).
void trap_definer(Bytes oid, Emit& emit) {
  if (!starts_with(oid, kEnterprises)) return;
  auto without_last = [](Bytes id) {
    if (!id.empty()) id = id.first(id.size() - 1);
    while (!id.empty() && (id.back() & 0x80) != 0) id = id.first(id.size() - 1);
    return id;
  };
  Bytes enterprise = without_last(oid);
  if (!enterprise.empty() && enterprise.back() == 0) enterprise = without_last(enterprise);
  if (enterprise.size() > std::size(kEnterprises)) emit.oid(Field::trap_enterprise, enterprise);
}

struct Binding {
  Bytes name;
  ber::Element value;
};

Binding next_binding(Reader& list) {
  Reader binding = ber::enter(list, ber::kSequence);
  Bytes name = ber::contents(binding, ber::kObjectIdentifier);
  ber::Element value = ber::any(binding);
  if (!binding.ok()) {
    list.fail();
    return {};
  }
  return {name, value};
}

void binding(const Binding& binding, Emit& emit) {
  if (starts_with(binding.name, kSystem)) {
    Bytes object = binding.name.subspan(std::size(kSystem));
    if (object.size() != 2 || object[1] != 0) return;
    bool is_text = binding.value.tag == ber::kOctetString;
    Bytes value = binding.value.contents;
    if (object[0] == 1 && is_text) emit.text(Field::system_description, value);
    if (object[0] == 2 && binding.value.tag == ber::kObjectIdentifier) {
      object_id(Field::system_object_id, value, emit);
    }
    if (object[0] == 5 && is_text) emit.text(Field::system_name, value);
    if (object[0] == 6 && is_text) emit.text(Field::system_location, value);
    return;
  }
  if (binding.value.tag != ber::kObjectIdentifier) return;
  if (std::ranges::equal(binding.name, kTrapOid)) trap_definer(binding.value.contents, emit);
  if (std::ranges::equal(binding.name, kTrapEnterprise)) {
    object_id(Field::trap_enterprise, binding.value.contents, emit);
  }
}

void bindings(Reader& pdu, Emit& emit) {
  Reader list = ber::enter(pdu, ber::kSequence);
  for (unsigned left = kBindingsMax; left > 0 && list.ok() && !list.empty(); --left) {
    binding(next_binding(list), emit);
  }
  if (!list.ok()) pdu.fail();
}

/// A relay that passes on another agent's notification says whose it is.
void about_origin(const Packet& packet, const IpAddress& origin, Emit& emit) {
  if (origin.is_host() && origin != packet.source_ip) emit.about(Mac{}, origin);
}

/// snmpTrapAddress.0 is among the last bindings, behind those that it is about (RFC 3584, 3.1).
IpAddress trap_address(Reader& pdu) {
  Reader list = ber::enter(pdu, ber::kSequence);
  IpAddress address;
  for (unsigned left = kBindingsMax; left > 0 && list.ok() && !list.empty(); --left) {
    Binding binding = next_binding(list);
    bool is_address = binding.value.tag == kIpAddress && binding.value.contents.size() == 4;
    if (is_address && std::ranges::equal(binding.name, kTrapAddress)) {
      address = IpAddress::from(binding.value.contents);
    }
  }
  if (!list.ok()) pdu.fail();
  return address;
}

void trap_v1(const Packet& packet, Reader& pdu, Emit& emit) {
  Bytes enterprise = ber::contents(pdu, ber::kObjectIdentifier);
  IpAddress agent = IpAddress::from(ber::contents(pdu, kIpAddress));
  if (!agent) pdu.fail();
  if (!pdu.ok()) return;
  about_origin(packet, agent, emit);
  object_id(Field::trap_enterprise, enterprise, emit);
  ber::integer(pdu);  // generic trap
  ber::integer(pdu);  // specific trap
  ber::contents(pdu, kTimeTicks);
  bindings(pdu, emit);
}

void response(const Packet& packet, Reader& pdu, Emit& emit) {
  ber::integer(pdu);  // request id
  int64_t error = ber::integer(pdu);
  ber::integer(pdu);  // error index
  // A refusal repeats what the manager sent, the answer to an inform what the agent sent.
  bool is_echo = error != 0 || packet.source_port == kNotificationPort;
  if (pdu.ok() && !is_echo) bindings(pdu, emit);
}

void notification(const Packet& packet, Reader& pdu, Emit& emit) {
  for (int i = 0; i < 3; ++i) ber::integer(pdu);  // request id, error status, error index
  Reader ahead = pdu;
  IpAddress origin = trap_address(ahead);
  if (!ahead.ok()) return pdu.fail();  // whose words they are might have stood behind the cut
  about_origin(packet, origin, emit);
  bindings(pdu, emit);
}

void any_pdu(const Packet& packet, Reader& message, Emit& emit) {
  uint8_t tag = ber::next_tag(message);
  Reader pdu = ber::enter(message, tag);
  if (tag == kResponse) {
    response(packet, pdu, emit);
  } else if (tag == kTrapV1) {
    trap_v1(packet, pdu, emit);
  } else if (tag == kTrap || tag == kInform) {
    notification(packet, pdu, emit);
  } else if (!is_request(tag) && tag != kReport) {
    pdu.fail();
  }
  if (!pdu.ok()) message.fail();
}

void engine(Bytes id, Emit& emit) {
  auto all = [id](uint8_t octet) { return std::ranges::count(id, octet) == std::ssize(id); };
  if (all(0) || all(0xff)) return;  // an empty one asks for the engine's id
  if (id.size() < 5 || id.size() > 32) return emit.malformed();
  emit.hex(Field::engine_id, id);
  bool new_form = (id[0] & 0x80) != 0;
  if (!new_form && id.size() != 12) return;
  Reader reader(id);
  uint32_t enterprise = reader.u32() & 0x7fffffff;
  if (enterprise != 0) emit.number(Field::engine_enterprise, enterprise);
  bool is_mac = new_form && reader.u8() == 3 && reader.size() == 6;
  if (is_mac) emit.mac(Field::engine_mac, reader.mac());
}

/// Tag of the PDU behind context engine and context name; 0 when it is encrypted or not there.
uint8_t scoped_tag(Reader message) {
  if (ber::next_tag(message) != ber::kSequence) return 0;
  Reader scoped = ber::enter(message, ber::kSequence);
  ber::any(scoped);
  ber::any(scoped);
  return ber::next_tag(scoped);
}

/// Whether the authoritative engine is the receiver's: so it is for all that wants an answer (RFC
/// 3414, section 1.5.1). Where the PDU cannot be seen the port of an agent shows it, and failing
/// that the reportable flag.
bool wants_answer(const Packet& packet, uint8_t flags, uint8_t pdu) {
  if (pdu != 0) return is_request(pdu) || pdu == kInform;
  bool to_agent = packet.target_port == kAgentPort;
  bool from_agent = packet.source_port == kAgentPort;
  return to_agent != from_agent ? to_agent : (flags & kReportable) != 0;
}

void v3(const Packet& packet, Reader& message, Emit& emit) {
  Reader global = ber::enter(message, ber::kSequence);
  ber::integer(global);  // message id
  ber::integer(global);  // largest message the sender takes
  Bytes flags = ber::contents(global, ber::kOctetString);
  int64_t security = ber::integer(global);
  Reader parameters(ber::contents(message, ber::kOctetString));
  if (!global.ok() || flags.size() != 1) message.fail();
  if (!message.ok()) return;

  Bytes id;
  if (security == kUserSecurity) {
    Reader user = ber::enter(parameters, ber::kSequence);
    id = ber::contents(user, ber::kOctetString);
    if (!user.ok() || !parameters.ok()) return message.fail();
  }
  bool about_target = wants_answer(packet, flags[0], scoped_tag(message));
  if (!about_target) engine(id, emit);
  if (ber::next_tag(message) == ber::kOctetString) {
    ber::contents(message, ber::kOctetString);  // encrypted
  } else {
    Reader scoped = ber::enter(message, ber::kSequence);
    ber::contents(scoped, ber::kOctetString);  // context engine
    ber::contents(scoped, ber::kOctetString);  // context name
    if (scoped.ok()) any_pdu(packet, scoped, emit);
    if (!scoped.ok()) message.fail();
  }
  if (!about_target) return;
  emit.about_target(packet);
  engine(id, emit);
}

}  // namespace

void snmp(const Packet& packet, Reader& reader, Emit& emit) {
  Reader message = ber::enter(reader, ber::kSequence);
  int64_t version = ber::integer(message);
  if (message.ok() && (version == 0 || version == 1)) {
    ber::contents(message, ber::kOctetString);  // community
    if (message.ok()) any_pdu(packet, message, emit);
  } else if (message.ok() && version == 3) {
    v3(packet, message, emit);
  } else {
    message.fail();
  }
  if (!message.ok()) emit.malformed();
}

}  // namespace tapwarden::protocols
