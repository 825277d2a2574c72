// SPDX-License-Identifier: Apache-2.0
#include "inventory/inventory.hpp"

#include <algorithm>

#include "inventory/verdict.hpp"

namespace tapwarden {

namespace {

template <typename Value>
bool add_unique(std::vector<Value>& list, Value value, size_t bound) {
  if (std::ranges::find(list, value) != list.end()) return true;
  if (list.size() >= bound) return false;
  list.push_back(std::move(value));
  return true;
}

bool says_the_same(const Claim& a, const Claim& b) {
  // Of the thousand names of a system's programs one will do.
  if (a.aspect == Aspect::system && b.aspect == Aspect::system)
    return a.field == b.field && a.value == b.value;
  return a.aspect == b.aspect && a.protocol == b.protocol && a.field == b.field &&
         a.value == b.value && a.supplier == b.supplier && a.rule == b.rule && a.text == b.text;
}

}  // namespace

Inventory::Inventory(const Knowledge& knowledge, const InventoryLimits& limits,
                     const Networks& networks, std::vector<std::string> tap_names,
                     OnChange on_change)
    : knowledge_(knowledge),
      limits_(limits),
      networks_(networks),
      on_change_(std::move(on_change)),
      attribution_(limits.devices * 4),
      identity_(limits.devices * 2),
      devices_(limits.devices, std::move(tap_names),
               [this](const Device& device) { evicted(device); }) {}

Inventory::Counters Inventory::counters() const {
  Counters counters = counters_;
  counters.devices_evicted = devices_.evicted();
  counters.devices_refused = devices_.refused();
  counters.bindings_refused = attribution_.refused();
  counters.proofs_refused = identity_.refused();
  return counters;
}

void Inventory::observe(const Observation& observation) {
  const Host& host = observation.host;
  HostKey at_mac{observation.context, host.mac, {}};
  auto bearer = attribution_.attribute(observation, host.mac ? devices_.find(at_mac) : nullptr);
  if (!bearer) return;
  // Whoever speaks, the MAC that bore the frame was there too.
  bool has_mac = host.mac && !host.mac.is_group();
  bool is_carried = has_mac && bearer->key.mac != host.mac;
  bool is_unproven = has_mac && host.ip.is_host() && (bearer->key.ip || !bearer->is_firm);
  if (is_carried || is_unproven) {
    Device* carrier = find_or_create(at_mac, observation);
    if (carrier != nullptr && is_unproven) {
      if (auto reason = attribution_.note_source(*carrier, observation)) {
        carrier = turn_into_router(*carrier, *reason, observation);
        bearer = attribution_.attribute(observation, carrier);
      }
      if (carrier != nullptr && carrier->is_arp_proxy && bearer->key.ip) {
        std::erase_if(carrier->addresses, [&](const auto& one) { return one.ip == host.ip; });
        attribution_.release(observation.context, host.ip, host.mac);
      }
    }
    if (carrier != nullptr && observation.field == Field::sighting &&
        carrier != devices_.find(bearer->key)) {
      carrier->packets += observation.packets;
      heard(*carrier, observation);
    }
  }
  // The rest of the world is no inventory: a remote address becomes a device only by something it
  // said.
  bool is_remote = bearer->key.ip && !networks_.is_home(bearer->key.ip);
  bool is_said = observation.field != Field::sighting && observation.field != Field::hop_limit;
  if (is_remote && !is_said && host.mac) return;
  if (observation.field == Field::next_hop) return take_next_hop(at_mac, observation);
  Device* device = find_or_create(bearer->key, observation);
  if (device != nullptr && observation.field == Field::router)
    device = turn_into_router(
        *device, {std::string(observation.text.view()), "router-advertisement"}, observation);
  if (device != nullptr) apply(*device, observation, bearer->is_firm);
}

/// A MAC to which several hosts hand packets is there, though it never be seen to send one.
void Inventory::take_next_hop(const HostKey& key, const Observation& observation) {
  auto reason = attribution_.next_hop(observation);
  if (!reason) return;
  Device* device = find_or_create(key, observation);
  if (device != nullptr) turn_into_router(*device, *reason, observation);
}

Device* Inventory::find_or_create(const HostKey& key, const Observation& observation) {
  if (Device* device = devices_.find(key)) return device;
  Device* device = devices_.add(key);
  if (device == nullptr) return nullptr;
  begin(*device, observation);
  return devices_.settle(*device) ? device : nullptr;
}

/// What its key tells of a new device.
void Inventory::begin(Device& device, const Observation& observation) {
  device.first_seen = device.last_seen = device.heard = observation.time;
  device.presences.push_back({device.key.context, observation.time});
  const Mac& mac = device.key.mac;
  if (!mac) {
    device.addresses.push_back({device.key.ip, false});
    bool is_home = networks_.is_home(device.key.ip);
    set_role(
        device, is_home ? Role::routed : Role::remote,
        {is_home ? "known by its IP address alone" : "outside the home networks", "ip-address"},
        observation);
    return;
  }
  device.macs.push_back(mac);
  if (auto assignment = knowledge_.registry.lookup(mac)) device.registrant = assignment->registrant;
  if (is_virtual(mac)) {  // the prefix is the redundancy protocol's, not a maker's
    set_role(device, Role::virtual_, {to_string(mac), "redundancy-address"}, observation);
    return;
  }
  if (is_guest(mac)) set_role(device, Role::guest, {to_string(mac), "guest-prefix"}, observation);
  claims_.clear();
  knowledge_.claims_of_mac(mac, observation, claims_);
  if (add_claims(device, observation, true)) changed(device);
}

void Inventory::set_role(Device& device, Role role, const Reason& reason,
                         const Observation& observation) {
  device.role = role;
  Claim& claim = device.role_claim.emplace();
  claim.aspect = Aspect::role;
  claim.value = to_string(role);
  claim.certainty = certainty_of_role;
  claim.rule = reason.rule;
  claim.text = reason.text;
  set_provenance(claim, observation);
}

/// The device forwards for others: what was laid at its door without proof goes to the addresses
/// that said it. These become devices, for which others may have to give way, even this one: hence
/// the result.
Device* Inventory::turn_into_router(Device& device, const Reason& reason,
                                    const Observation& observation) {
  bool is_news = device.role != Role::router || reason.rule == rule_arp_proxy;
  if (!is_news || device.role == Role::virtual_ || !device.key.mac) return &device;
  set_role(device, Role::router, reason, observation);
  device.unbound.clear();
  std::erase_if(device.addresses, [](const DeviceAddress& address) { return !address.is_bound; });
  auto is_own = [&](const Evidence& one) {
    return !device.is_arp_proxy && attribution_.bound(device.key.context, one.ip) == device.key.mac;
  };
  auto is_moved = [&](const Evidence& one) { return !one.is_firm && !is_own(one); };
  std::vector<Evidence> moved;
  std::ranges::copy_if(device.evidence, std::back_inserter(moved), is_moved);
  std::erase_if(device.evidence, is_moved);
  HostKey router = device.key;
  if (!moved.empty()) changed(device);
  for (Evidence& one : moved) {
    Observation origin;
    origin.time = one.claim.time;
    origin.frame = one.claim.frame;
    origin.source = one.claim.source;
    origin.host.ip = one.ip;
    HostKey key{router.context, {}, one.ip};
    auto mac = attribution_.bound(router.context, one.ip);
    if (mac && *mac != router.mac) key = {router.context, *mac, {}};
    Device* owner = find_or_create(key, origin);
    one.is_firm = true;
    if (owner != nullptr && add_claim(*owner, std::move(one))) changed(*owner);
  }
  return devices_.find(router);
}

void Inventory::evicted(const Device& device) {
  auto release = [&](const HostKey& key) {
    for (const DeviceAddress& address : device.addresses) {
      if (address.is_bound) attribution_.release(key.context, address.ip, key.mac);
    }
  };
  release(device.key);
  std::ranges::for_each(device.aliases, release);
  identity_.forget(device);
}

void Inventory::apply(Device& first, const Observation& observation, bool is_firm) {
  // What may yet turn out to be said by somebody behind a router proves nothing.
  Device& device = is_firm ? recognise(first, observation) : first;
  device.first_seen = std::min(device.first_seen, observation.time);
  device.packets += observation.packets;
  heard(device, observation);
  const IpAddress& ip = observation.host.ip;
  if (ip.is_host() && observation.field != Field::binding) add_address(device, ip, false);
  if (observation.field == Field::sighting) return;
  take_value(device, observation);
  claims_.clear();
  knowledge_.identify(observation, claims_);
  if (add_claims(device, observation, is_firm)) changed(device);
  if (is_firm) recognise_by_name(device, observation);
}

void Inventory::take_value(Device& device, const Observation& observation) {
  const std::string text(observation.text.view());
  bool has_moved = false;
  switch (row(observation.field).kind) {
    case FieldKind::name:
      add_name(device, text);
      break;
    case FieldKind::address:
      bind(device, observation);
      break;
    case FieldKind::location_switch:
      has_moved = std::exchange(device.location_switch, text) != text;
      break;
    case FieldKind::location_port:
      has_moved = std::exchange(device.location_port, text) != text;
      break;
    case FieldKind::mac:
      if (auto mac = parse_mac(text);
          mac && !add_unique(device.macs, *mac, limits_.addresses_per_device))
        ++counters_.addresses_refused;
      break;
    default:
      break;
  }
  if (observation.field == Field::bridge_mac && device.role == Role::station)
    set_role(device, Role::bridge, {text, "spanning-tree"}, observation);
  if (has_moved && device.is_flagged) changed(device);
}

void Inventory::add_name(Device& device, std::string name) {
  if (!add_unique(device.names, std::move(name), limits_.addresses_per_device))
    ++counters_.addresses_refused;
}

/// True when the address is in the list. When that is full, one that is bound takes the place of
/// one that is not.
bool Inventory::add_address(Device& device, const IpAddress& ip, bool is_bound) {
  auto& list = device.addresses;
  auto found = std::ranges::find(list, ip, &DeviceAddress::ip);
  if (found != list.end()) {
    found->is_bound = found->is_bound || is_bound;
    return true;
  }
  if (list.size() < limits_.addresses_per_device) {
    list.push_back({ip, is_bound});
    return true;
  }
  ++counters_.addresses_refused;
  auto weak = std::ranges::find(list, false, &DeviceAddress::is_bound);
  if (!is_bound || weak == list.end()) return false;
  *weak = {ip, true};
  return true;
}

/// All of claims_; true when one of them is new.
bool Inventory::add_claims(Device& device, const Observation& observation, bool is_firm) {
  bool is_changed = false;
  for (Claim& claim : claims_) {
    is_changed =
        add_claim(device, {std::move(claim), observation.host.ip, is_firm, {}}) || is_changed;
  }
  return is_changed;
}

/// True when the claim is new. When the list is full it takes the place of the weakest one, if that
/// says less: one that names a supplier says more than one that does not.
bool Inventory::add_claim(Device& device, Evidence evidence) {
  auto& list = device.evidence;
  auto is_same = [&](const Evidence& one) { return says_the_same(one.claim, evidence.claim); };
  evidence.last = std::max(evidence.last, evidence.claim.time);
  if (auto known = std::ranges::find_if(list, is_same); known != list.end()) {
    known->last = std::max(known->last, evidence.last);
    return false;
  }
  if (list.size() < limits_.claims_per_device) {
    list.push_back(std::move(evidence));
    return true;
  }
  ++counters_.claims_refused;
  auto strength = [](const Evidence& one) {
    return std::pair(!one.claim.supplier.empty(), one.claim.certainty);
  };
  auto weakest = std::ranges::min_element(list, {}, strength);
  if (strength(*weakest) >= strength(evidence)) return false;
  *weakest = std::move(evidence);
  return true;
}

/// An address in the host's own words. Only what came with the host's own MAC binds; a management
/// address that a device names may be anything's, and is only listed. A device binds no more
/// addresses than its list has room for: so it cannot take the room of all others, and frees what
/// it has when it gives way.
void Inventory::bind(Device& device, const Observation& observation) {
  auto ip = IpAddress::parse(observation.text.view());
  if (!ip || !ip->is_host()) return;
  const Host& host = observation.host;
  bool binds = observation.field == Field::binding && host.mac_is_own && host.mac;
  bool is_answered_for = device.is_arp_proxy && devices_.find({observation.context, {}, *ip});
  if (is_answered_for) return;
  bool is_listed = add_address(device, *ip, binds);
  if (!binds || !is_listed || !attribution_.bind(observation.context, *ip, host.mac)) return;
  std::erase(device.unbound, *ip);
  absorb(device, {observation.context, {}, *ip});
}

/// What was ascribed to an IP alone belongs to the device that turned out to have it.
void Inventory::absorb(Device& device, const HostKey& other) {
  Device* behind = devices_.find(other);
  if (behind == nullptr || behind == &device || behind->key.mac) return;
  // Whoever claims the address of a flagged device does not make it vanish.
  if (behind->is_flagged && !may_be_one(device, *behind)) return;
  Device gone = devices_.take(*behind);
  remember(device, gone);
  merge(device, std::move(gone));
  changed(device);
}

/// What is known of the other is known of the device.
void Inventory::merge(Device& device, Device&& other) {
  for (Evidence& evidence : other.evidence) add_claim(device, std::move(evidence));
  for (std::string& name : other.names) add_name(device, std::move(name));
  for (const Mac& mac : other.macs) {
    if (!add_unique(device.macs, mac, limits_.addresses_per_device)) ++counters_.addresses_refused;
  }
  for (const DeviceAddress& address : other.addresses)
    add_address(device, address.ip, address.is_bound);
  if (device.location_switch.empty()) device.location_switch = std::move(other.location_switch);
  if (device.location_port.empty()) device.location_port = std::move(other.location_port);
  if (device.registrant.empty()) device.registrant = std::move(other.registrant);
  for (uint64_t proof : other.proofs)
    add_unique(device.proofs, proof, Identity::proofs_per_device_max);
  device.packets += other.packets;
  device.first_seen = std::min(device.first_seen, other.first_seen);
  device.last_seen = std::max(device.last_seen, other.last_seen);
  device.heard = std::max(device.heard, other.heard);
  for (const Presence& presence : other.presences) note_presence(device, presence);
}

/// Alerts about the one that is gone are about the device now.
void Inventory::remember(Device& device, const Device& gone) {
  auto add = [&](const std::string& id) {
    auto& list = device.former_ids;
    if (id == device.id || std::ranges::find(list, id) != list.end()) return;
    if (list.size() >= limits_.addresses_per_device) list.erase(list.begin());
    list.push_back(id);
  };
  add(gone.id);
  std::ranges::for_each(gone.former_ids, add);
}

void Inventory::judge_all() {
  for (const HostKey& key : keys()) judge(key);
}

std::vector<HostKey> Inventory::keys() const {
  std::vector<HostKey> keys;
  keys.reserve(devices_.size());
  each([&](const Device& device) { keys.push_back(device.key); });
  return keys;
}

void Inventory::judge(const HostKey& key) {
  if (Device* device = devices_.find(key)) changed(*device);
}

void Inventory::changed(Device& device) {
  device.is_saved = device.are_claims_saved = false;
  device.verdict = weigh(device);
  bool was_flagged = device.is_flagged;
  on_change_(device);
  devices_.sort_in(device, was_flagged);
}

}  // namespace tapwarden
