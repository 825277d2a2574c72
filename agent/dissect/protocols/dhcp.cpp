// SPDX-License-Identifier: Apache-2.0
// DHCP and BOOTP (RFC 2131, 2132), with relay information (RFC 3046), vendor-identifying options
// (RFC 3925), node-specific client identifiers (RFC 4361), user classes (RFC 3004) and the client's
// domain name (RFC 4702). A client is known by chaddr, which a relay leaves alone, never by the
// packet's source. A server's reply says of the client what address it got and which port it hangs
// on, and of the site which vendor information it hands out.
#include <array>
#include <charconv>

#include "dissect/device_options.hpp"
#include "dissect/dhcp_parts.hpp"
#include "dissect/dissectors.hpp"
#include "dissect/gpon_serial.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint32_t kCookie = 0x63825363;

enum Operation : uint8_t { kRequest = 1, kReply = 2 };

enum Option : uint8_t {
  kPad = 0,
  kHostName = 12,
  kVendorInfo = 43,
  kOverload = 52,
  kMessageType = 53,
  kParameterList = 55,
  kVendorClass = 60,
  kClientId = 61,
  kUserClass = 77,
  kFqdn = 81,
  kRelayInformation = 82,
  kVendorIdentifyingClass = 124,
  kVendorIdentifyingInfo = 125,
  kEnd = 255,
};

enum Type : uint8_t {
  kBootp = 0,  // the message has no type
  kDiscover = 1,
  kOffer = 2,
  kDhcpRequest = 3,
  kDecline = 4,
  kAck = 5,
  kNak = 6,
  kRelease = 7,
  kInform = 8,
};

struct Message {
  uint8_t operation = 0;
  IpAddress client_ip;  // ciaddr
  IpAddress your_ip;    // yiaddr
  Mac client;           // chaddr; none when it is no Ethernet address
  Reader server_name;
  Reader file;
  Reader options;
  uint8_t type = kBootp;
};

template <typename Visit>
bool each_in(Reader field, Visit visit) {
  while (!field.empty()) {
    uint8_t code = field.u8();
    if (code == kPad) continue;
    if (code == kEnd) break;
    Reader value = field.sub(field.u8());
    if (!field.ok()) return false;
    visit(code, value);
  }
  return true;
}

/// Calls `visit(code, value)` for every option, those in overloaded fields included (RFC 2131,
/// section 4.1), and says whether none ran over the end of its field.
template <typename Visit>
bool each_option(const Message& message, Visit visit) {
  uint8_t overload = 0;
  bool whole = each_in(message.options, [&](uint8_t code, Reader value) {
    if (code == kOverload) overload = value.u8();
    visit(code, value);
  });
  if ((overload & 1) != 0) whole = each_in(message.file, visit) && whole;
  if ((overload & 2) != 0) whole = each_in(message.server_name, visit) && whole;
  return whole;
}

IpAddress host_or_none(const IpAddress& ip) { return ip.is_host() ? ip : IpAddress{}; }

Message head(Reader& reader) {
  Message message;
  message.operation = reader.u8();
  uint8_t hardware = reader.u8();
  uint8_t hardware_size = reader.u8();
  reader.skip(9);  // hops, transaction, seconds, flags
  message.client_ip = host_or_none(reader.ipv4());
  message.your_ip = host_or_none(reader.ipv4());
  reader.skip(8);  // next server, relay
  Mac mac = reader.mac();
  reader.skip(10);
  if (hardware == 1 && hardware_size == 6 && !mac.is_group()) message.client = mac;
  message.server_name = reader.sub(64);
  message.file = reader.sub(128);
  return message;
}

void parameter_list(Bytes codes, Emit& emit) {
  std::array<char, 255 * 4> list;  // an option holds at most 255 octets
  char* end = list.data();
  for (uint8_t code : codes) {
    if (end != list.data()) *end++ = ',';
    end = std::to_chars(end, list.data() + list.size(), code).ptr;
  }
  emit.text(Field::parameter_list, std::string_view(list.data(), end));
}

void client_id(Reader value, Emit& emit) {
  Bytes whole = value.peek();
  uint8_t type = value.u8();
  if (!value.ok()) return emit.malformed();
  if (type == 1 && value.size() == 6) return emit.mac(Field::client_mac, value.mac());
  if (type == 255) {  // RFC 4361: four octets of IAID, then a DUID
    value.skip(4);
    return emit_duid(value, emit);
  }
  emit.text_or_hex(Field::client_id, type == 0 ? value.take_rest() : whole);
}

/// RFC 3004 wants items with a length each; many clients send one text without.
void user_class(Reader value, Emit& emit) {
  Bytes whole = value.peek();
  Reader items = value;
  while (!items.empty()) items.skip(items.u8());
  if (!items.ok()) return emit.text_or_hex(Field::user_class, whole);
  while (!value.empty()) emit.text_or_hex(Field::user_class, value.take(value.u8()));
}

void fqdn(Reader value, Emit& emit) {
  constexpr uint8_t kWireForm = 0x04;
  uint8_t flags = value.u8();
  value.skip(2);  // result codes
  if (!value.ok()) return emit.malformed();
  if ((flags & kWireForm) != 0) return emit_domain_name(Field::fqdn, value, emit);
  emit.text(Field::fqdn, value.take_rest());
}

void relay_information(Reader value, Emit& emit) {
  enum Suboption : uint8_t { kCircuit = 1, kRemote = 2 };
  while (!value.empty()) {
    uint8_t code = value.u8();
    Bytes id = value.take(value.u8());
    if (!value.ok()) return emit.malformed();
    if (code == kCircuit) emit.text_or_hex(Field::relay_circuit, id);
    if (code == kRemote) emit.text_or_hex(Field::relay_remote, id);
    if (code == kCircuit || code == kRemote) emit_gpon_serial(id, emit);
  }
}

/// Suboptions up to the first that is not whole.
template <typename EmitOne>
void suboptions(Reader list, EmitOne emit_one) {
  while (list.size() >= 2) {
    uint8_t code = list.u8();
    Bytes value = list.take(list.u8());
    if (list.ok()) emit_one(code, value);
  }
}

/// Options 124 and 125 alike: enterprise number, length, data, as often as there is room.
template <typename EmitData>
void by_enterprise(Reader value, Emit& emit, EmitData emit_data) {
  while (!value.empty()) {
    uint32_t enterprise = value.u32();
    Bytes data = value.take(value.u8());
    if (!value.ok()) return emit.malformed();
    emit.number(Field::vendor_enterprise, enterprise);
    emit_data(enterprise, data);
  }
}

/// Items, each after its length (RFC 3925, section 3); some senders leave the lengths out.
void vendor_class(Bytes data, Emit& emit) {
  auto items = [&](auto&& take) {
    Reader reader(data);
    while (!reader.empty()) {
      Bytes item = reader.take(reader.u8());
      if (reader.ok()) take(item);
    }
    return reader.ok();
  };
  if (items([](Bytes) {}))
    items([&](Bytes item) { emit.text_or_hex(Field::vendor_class_data, item); });
  else
    emit.text_or_hex(Field::vendor_class_data, data);
}

/// The parts of TR-069's option that say who the sender is (annex F): those from `first` on.
void device_identity(uint32_t enterprise, Bytes data, uint16_t first, Emit& emit) {
  if (enterprise != enterprise_broadband_forum) return;
  suboptions(Reader(data),
             [&](uint8_t code, Bytes part) { emit_device_identity(code, first, part, emit); });
}

/// A gateway tells its devices who it is; whatever else is in an answer is for the client.
void gateway_identity(Reader value, Emit& emit) {
  constexpr uint16_t kGateway = 4;
  while (value.size() > 4) {
    uint32_t enterprise = value.u32();
    Bytes data = value.take(value.u8());
    if (value.ok()) device_identity(enterprise, data, kGateway, emit);
  }
}

/// Cable modems and what is built with them say what they are in option 43.
bool is_of_cable(const Message& message) {
  bool is_cable = false;
  each_option(message, [&](uint8_t code, Reader value) {
    std::string_view text = as_text(value.peek());
    bool is_class = code == kVendorClass;
    is_cable = is_cable || (is_class && (text.starts_with("docsis") || text.starts_with("pktc")));
  });
  return is_cable;
}

void client_option(uint8_t code, Reader value, Emit& emit) {
  switch (code) {
    case kHostName:
      return emit.text(Field::host_name, value.take_rest());
    case kVendorInfo:
      return emit.hex(Field::vendor_info, value.take_rest());
    case kParameterList:
      return parameter_list(value.take_rest(), emit);
    case kVendorClass:
      return emit.text_or_hex(Field::vendor_class, value.take_rest());
    case kClientId:
      return client_id(value, emit);
    case kUserClass:
      return user_class(value, emit);
    case kFqdn:
      return fqdn(value, emit);
    case kRelayInformation:
      return relay_information(value, emit);
    case kVendorIdentifyingClass:
      return by_enterprise(value, emit, [&](uint32_t, Bytes data) { vendor_class(data, emit); });
    case kVendorIdentifyingInfo:
      return by_enterprise(value, emit, [&](uint32_t enterprise, Bytes data) {
        emit.hex(Field::vendor_info, data);
        device_identity(enterprise, data, 1, emit);
      });
    default:
      return;
  }
}

/// Others, such as lease queries (RFC 4388), name a chaddr but are not sent by its owner.
bool is_from_client(uint8_t type) {
  switch (type) {
    case kBootp:
    case kDiscover:
    case kDhcpRequest:
    case kDecline:
    case kRelease:
    case kInform:
      return true;
    default:
      return false;
  }
}

void request(const Message& message, Emit& emit) {
  if (!message.client || !is_from_client(message.type)) return;
  emit.about(message.client, message.client_ip);
  if (message.type != kRelease) emit.ip(Field::binding, message.client_ip);
  bool is_cable = is_of_cable(message);
  each_option(message, [&](uint8_t code, Reader value) {
    client_option(code, value, emit);
    if (is_cable && code == kVendorInfo) {
      suboptions(value, [&](uint8_t part, Bytes text) { emit_cable_option(part, text, emit); });
    }
  });
}

void reply(const Message& message, Emit& emit) {
  if (message.type != kOffer && message.type != kAck && message.type != kNak) return;
  if (message.type != kNak) {  // still about the sender
    each_option(message, [&](uint8_t code, Reader value) {
      if (code == kVendorInfo) emit.hex(Field::vendor_info, value.take_rest());
      if (code == kVendorIdentifyingInfo) gateway_identity(value, emit);
    });
  }
  if (!message.client) return;
  bool is_bound = message.type == kAck;
  emit.about(message.client, is_bound ? message.your_ip : IpAddress{});
  if (is_bound) emit.ip(Field::binding, message.your_ip);
  each_option(message, [&](uint8_t code, Reader value) {
    if (code == kRelayInformation) relay_information(value, emit);
  });
}

}  // namespace

void dhcp(const Packet&, Reader& reader, Emit& emit) {
  Message message = head(reader);
  if (reader.empty() || reader.u32() != kCookie) return;  // BOOTP without options is fine
  message.options = reader;
  bool whole = each_option(message, [&](uint8_t code, Reader value) {
    if (code == kMessageType) message.type = value.u8();
  });
  if (!whole) emit.malformed();
  if (message.operation == kRequest) return request(message, emit);
  if (message.operation == kReply) return reply(message, emit);
  emit.malformed();
}

}  // namespace tapwarden::protocols
