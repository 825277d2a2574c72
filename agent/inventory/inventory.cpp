// SPDX-License-Identifier: Apache-2.0
#include "inventory/inventory.hpp"

#include <fmt/format.h>
#include <xxhash.h>

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
  return a.aspect == b.aspect && a.protocol == b.protocol && a.field == b.field &&
         a.value == b.value && a.supplier == b.supplier && a.rule == b.rule && a.text == b.text;
}

Role first_role(const HostKey& key) {
  if (key.mac) return is_virtual(key.mac) ? Role::virtual_ : Role::station;
  return key.ip.is_private() || key.ip.is_link_local() ? Role::routed : Role::remote;
}

}  // namespace

Inventory::Inventory(const Knowledge& knowledge, const InventoryLimits& limits,
                     std::vector<std::string> tap_names, OnChange on_change)
    : knowledge_(knowledge),
      limits_(limits),
      tap_names_(std::move(tap_names)),
      on_change_(std::move(on_change)),
      attribution_(limits.devices * 4) {}

Inventory::Counters Inventory::counters() const {
  Counters counters = counters_;
  counters.bindings_refused = attribution_.refused();
  return counters;
}

void Inventory::observe(const Observation& observation) {
  const Host& host = observation.host;
  Device* at_mac = host.mac ? find({observation.context, host.mac, {}}) : nullptr;
  Role role = at_mac != nullptr      ? at_mac->role
              : is_virtual(host.mac) ? Role::virtual_
                                     : Role::station;
  auto bearer = attribution_.attribute(observation, role);
  if (!bearer) return;
  // Whoever speaks, the MAC that bore the frame was there too.
  bool has_mac = host.mac && !host.mac.is_group();
  bool is_carried = has_mac && bearer->key.mac != host.mac;
  bool is_unproven = has_mac && host.ip.is_host() && (bearer->key.ip || !bearer->is_firm);
  if (is_carried || is_unproven) {
    Device* carrier = find_or_create({observation.context, host.mac, {}}, observation);
    if (carrier != nullptr && is_unproven && Attribution::note_source(*carrier, observation)) {
      carrier = turn_into_router(*carrier);
      bearer = attribution_.attribute(observation, Role::router);
    }
    if (carrier != nullptr && carrier->key != bearer->key && observation.field == Field::sighting) {
      carrier->packets += observation.packets;
      carrier->last_seen = std::max(carrier->last_seen, observation.time);
      touch(*carrier);
    }
  }
  // The rest of the world is no inventory: a remote address becomes a device only by something it
  // said.
  bool is_remote =
      bearer->key.ip && !bearer->key.ip.is_private() && !bearer->key.ip.is_link_local();
  if (is_remote && observation.field == Field::sighting && host.mac) return;
  Device* device = find_or_create(bearer->key, observation);
  if (device != nullptr && observation.field == Field::router && device->role == Role::station) {
    device = turn_into_router(*device);
  }
  if (device != nullptr) apply(*device, observation, bearer->is_firm);
}

Device* Inventory::find(const HostKey& key) {
  auto found = index_.find(key);
  return found == index_.end() ? nullptr : &*found->second;
}

bool Inventory::make_room() {
  if (index_.size() < limits_.devices) return true;
  if (unflagged_.empty()) {
    ++counters_.devices_refused;
    return false;
  }
  ++counters_.devices_evicted;
  const Device& evicted = unflagged_.front();
  for (const DeviceAddress& address : evicted.addresses) {
    if (address.is_bound) attribution_.release(evicted.key.context, address.ip, evicted.key.mac);
  }
  index_.erase(evicted.key);
  unflagged_.pop_front();
  return true;
}

Device* Inventory::find_or_create(const HostKey& key, const Observation& observation) {
  if (Device* device = find(key)) return device;
  if (!make_room()) return nullptr;
  Device& device = unflagged_.emplace_back();
  index_[key] = std::prev(unflagged_.end());
  device.key = key;
  device.id = id_of(key);
  device.role = first_role(key);
  device.first_seen = device.last_seen = observation.time;
  if (key.ip) device.addresses.push_back({key.ip, false});
  if (!key.mac) return &device;
  device.macs.push_back(key.mac);
  if (auto assignment = knowledge_.registry.lookup(key.mac))
    device.registrant = assignment->registrant;
  if (device.role == Role::virtual_)
    return &device;  // the prefix is the redundancy protocol's, not a maker's
  claims_.clear();
  knowledge_.claims_of_mac(key.mac, observation, claims_);
  if (add_claims(device, observation, true)) changed(device);
  return &device;
}

/// Keeps the eviction order: what was seen last is at the back.
void Inventory::touch(Device& device) {
  if (device.is_flagged) return;
  auto place = index_.find(device.key)->second;
  unflagged_.splice(unflagged_.end(), unflagged_, place);
}

void Inventory::apply(Device& device, const Observation& observation, bool is_firm) {
  device.last_seen = std::max(device.last_seen, observation.time);
  device.first_seen = std::min(device.first_seen, observation.time);
  device.packets += observation.packets;
  touch(device);
  const IpAddress& ip = observation.host.ip;
  if (ip.is_host() && observation.field != Field::binding) add_address(device, ip, false);
  if (observation.field == Field::sighting) return;

  std::string text(observation.text.view());
  bool fits = true;
  switch (row(observation.field).kind) {
    case FieldKind::name:
      fits = add_unique(device.names, text, limits_.addresses_per_device);
      break;
    case FieldKind::address:
      bind(device, observation);
      break;
    case FieldKind::location_switch:
      device.location_switch = text;
      break;
    case FieldKind::location_port:
      device.location_port = text;
      break;
    case FieldKind::mac:
      if (auto mac = parse_mac(text))
        fits = add_unique(device.macs, *mac, limits_.addresses_per_device);
      break;
    default:
      break;
  }
  if (!fits) ++counters_.addresses_refused;
  claims_.clear();
  knowledge_.identify(observation, claims_);
  if (add_claims(device, observation, is_firm)) changed(device);
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
    is_changed = add_claim(device, {std::move(claim), observation.host.ip, is_firm}) || is_changed;
  }
  return is_changed;
}

/// True when the claim is new. When the list is full, one that names a supplier takes the place of
/// one that does not.
bool Inventory::add_claim(Device& device, Evidence evidence) {
  auto& list = device.evidence;
  auto is_same = [&](const Evidence& one) { return says_the_same(one.claim, evidence.claim); };
  if (std::ranges::any_of(list, is_same)) return false;
  if (list.size() < limits_.claims_per_device) {
    list.push_back(std::move(evidence));
    return true;
  }
  ++counters_.claims_refused;
  if (evidence.claim.supplier.empty()) return false;
  auto weak =
      std::ranges::find_if(list, [](const Evidence& one) { return one.claim.supplier.empty(); });
  if (weak == list.end()) return false;
  *weak = std::move(evidence);
  return true;
}

/// An address in the host's own words. Only what came with the host's own MAC binds; a management
/// address that a device names may be anything's, and is only listed. A device binds no more
/// addresses than its list has room for: so it cannot take the room of all others, and frees what
/// it has when it gives way.
void Inventory::bind(Device& device, const Observation& observation) {
  auto ip = IpAddress::parse(observation.text.view());
  if (!ip || !ip->is_host()) return;
  bool binds = observation.field == Field::binding && observation.host.mac_is_own && device.key.mac;
  bool is_listed = add_address(device, *ip, binds);
  if (!binds || !is_listed || !attribution_.bind(device.key.context, *ip, device.key.mac)) return;
  std::erase(device.unbound, *ip);
  absorb(device, {device.key.context, {}, *ip});
}

/// What was ascribed to an IP alone belongs to the device that turned out to have it.
void Inventory::absorb(Device& device, const HostKey& other) {
  auto found = index_.find(other);
  if (found == index_.end() || &*found->second == &device) return;
  Device& behind = *found->second;
  bool is_changed = false;
  for (Evidence& evidence : behind.evidence)
    is_changed = add_claim(device, std::move(evidence)) || is_changed;
  for (std::string& name : behind.names) {
    if (!add_unique(device.names, std::move(name), limits_.addresses_per_device))
      ++counters_.addresses_refused;
  }
  for (const Mac& mac : behind.macs) {
    if (!add_unique(device.macs, mac, limits_.addresses_per_device)) ++counters_.addresses_refused;
  }
  for (const DeviceAddress& address : behind.addresses) add_address(device, address.ip, false);
  if (device.location_switch.empty()) device.location_switch = std::move(behind.location_switch);
  if (device.location_port.empty()) device.location_port = std::move(behind.location_port);
  device.packets += behind.packets;
  device.first_seen = std::min(device.first_seen, behind.first_seen);
  device.last_seen = std::max(device.last_seen, behind.last_seen);
  (behind.is_flagged ? flagged_ : unflagged_).erase(found->second);
  index_.erase(found);
  if (is_changed) changed(device);
}

/// The device forwards for others: what was laid at its door without proof goes to the addresses
/// that said it. These become devices, for which others may have to give way, even this one: hence
/// the result.
Device* Inventory::turn_into_router(Device& device) {
  device.role = Role::router;
  device.unbound.clear();
  std::erase_if(device.addresses, [](const DeviceAddress& address) { return !address.is_bound; });
  auto is_moved = [](const Evidence& one) { return !one.is_firm; };
  std::vector<Evidence> moved;
  for (Evidence& one : device.evidence) {
    if (is_moved(one)) moved.push_back(one);
  }
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
    if (auto mac = attribution_.bound(router.context, one.ip)) key = {router.context, *mac, {}};
    Device* owner = find_or_create(key, origin);
    one.is_firm = true;
    if (owner != nullptr && add_claim(*owner, std::move(one))) changed(*owner);
  }
  return find(router);
}

void Inventory::changed(Device& device) {
  device.verdict = weigh(device);
  bool was_flagged = device.is_flagged;
  on_change_(device);
  if (device.is_flagged == was_flagged) return;
  auto& source = was_flagged ? flagged_ : unflagged_;
  auto& target = was_flagged ? unflagged_ : flagged_;
  target.splice(target.end(), source, index_.find(device.key)->second);
}

std::string Inventory::id_of(const HostKey& key) const {
  std::string text = key.context.tap < tap_names_.size() ? tap_names_[key.context.tap] : "";
  for (uint16_t vlan : key.context.vlans()) text += fmt::format("|{}", vlan);
  if (key.context.tunnel != Tunnel::none) {
    text += fmt::format("|{} {}", to_string(key.context.tunnel), key.context.tunnel_id);
  }
  text += '|';
  text += key.mac ? to_string(key.mac) : to_string(key.ip);
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

}  // namespace tapwarden
