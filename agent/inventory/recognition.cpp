// SPDX-License-Identifier: Apache-2.0
// How the inventory recognises that two hosts are one device: by proof, never by likeness, and not
// when their makers contradict each other.
#include <algorithm>
#include <tuple>

#include "inventory/inventory.hpp"

namespace tapwarden {

namespace {

constexpr size_t kNamesMax = 4;  // of one device, that are compared with those of others

std::string maker_of(const Device& device) {
  if (device.verdict) return device.verdict->supplier;
  for (Aspect aspect : {Aspect::platform, Aspect::brand}) {
    if (const Claim* claim = best(device, aspect)) return claim->value;
  }
  return {};
}

}  // namespace

/// The device that says this: another one than it seemed when what it says was proven by that one.
Device& Inventory::recognise(Device& device, const Observation& observation) {
  if (device.role == Role::virtual_ || device.role == Role::remote) return device;
  if (MacWord word = mac_word(observation.field); word != MacWord::none)
    return recognise_by_mac(device, word, observation);
  std::string proof = proof_of(observation);
  if (proof.empty()) return device;
  auto key = identity_.note(within_site(device, std::move(proof)), device);
  Device* other = key ? devices_.find(*key) : nullptr;
  if (other == nullptr || other == &device || !may_be_one(device, *other)) return device;
  return join(device, *other, observation);
}

/// A MAC address that the device calls its own. The ports of a switch all name its chassis; an
/// interface named by one host and borne by another is believed when that one bore it in its
/// frames.
Device& Inventory::recognise_by_mac(Device& device, MacWord word, const Observation& observation) {
  auto mac = parse_mac(observation.text.view());
  if (!mac || is_virtual(*mac) || mac->is_group()) return device;
  HostKey key{observation.context, *mac, {}};
  if (device.has(key)) return device;
  Device* other = devices_.find(key);
  if (other == nullptr) {
    bool has_room = device.aliases.size() + 1 < limits_.addresses_per_device;
    if (has_room && may_bear(device, *mac, observation)) devices_.alias(device, key);
    return device;
  }
  bool is_borne = word == MacWord::chassis || device.key.ip || other->key == key;
  if (!is_borne || !may_be_one(device, *other)) return device;
  return join(device, *other, observation);
}

/// Proof that counts among the devices of its site alone.
std::string Inventory::within_site(const Device& device, std::string proof) const {
  if (networks_.is_one_site) return proof;
  return std::to_string(device.key.context.tap) + ' ' + std::move(proof);
}

/// A host that changes its random MAC address is known by its name and maker, when the one who bore
/// them before was not seen since.
Device& Inventory::recognise_by_name(Device& device, const Observation& observation) {
  if (row(observation.field).kind != FieldKind::name || !device.key.mac.is_local() ||
      device.role != Role::station) {
    return device;
  }
  std::string maker = maker_of(device);
  if (maker.empty() || device.names.size() > kNamesMax) return device;
  std::string proof = "name " + device.names.back() + ' ' + maker;
  auto key = identity_.note(within_site(device, std::move(proof)), device);
  Device* other = key ? devices_.find(*key) : nullptr;
  if (other == nullptr || other == &device || !other->key.mac.is_local() ||
      other->last_seen >= device.first_seen) {
    return device;
  }
  forget_random_mac(*other);
  return may_be_one(device, *other) ? join(device, *other, observation) : device;
}

/// Whoever changes his address every day for years is still one: where there is no room for another
/// the one that he left longest ago goes.
void Inventory::forget_random_mac(Device& device) {
  auto is_random = [&](const Mac& mac) { return mac.is_local() && mac != device.key.mac; };
  if (device.aliases.size() + 1 >= limits_.addresses_per_device) {
    auto oldest = std::ranges::find_if(device.aliases, is_random, &HostKey::mac);
    if (oldest != device.aliases.end()) devices_.release(device, HostKey(*oldest));
  }
  if (device.macs.size() >= limits_.addresses_per_device) {
    auto oldest = std::ranges::find_if(device.macs, is_random);
    if (oldest != device.macs.end()) device.macs.erase(oldest);
  }
}

/// Two with a maker each, and not the same, are two whatever they say; a redundancy address is
/// nobody.
bool Inventory::may_be_one(const Device& one, const Device& other) const {
  if (one.role == Role::virtual_ || other.role == Role::virtual_) return false;
  if (one.verdict && other.verdict && one.verdict->supplier != other.verdict->supplier)
    return false;
  return one.aliases.size() + other.aliases.size() < limits_.addresses_per_device;
}

/// A MAC address of a supplier's that was not seen yet is not given to a device of somebody else's:
/// nobody hides another device by naming its address.
bool Inventory::may_bear(const Device& device, const Mac& mac, const Observation& observation) {
  claims_.clear();
  knowledge_.claims_of_mac(mac, observation, claims_);
  return std::ranges::all_of(claims_, [&](const Claim& claim) {
    return claim.supplier.empty() || (device.verdict && device.verdict->supplier == claim.supplier);
  });
}

/// The two are one from now on. The one that stays is the flagged one, then the one that is known
/// by a MAC address, then the older one: its id is that of alerts.
Device& Inventory::join(Device& one, Device& other, const Observation& proof) {
  auto rank = [](const Device& device) {
    return std::tuple(!device.is_flagged, !device.key.mac, device.first_seen, device.key.context,
                      device.key.mac, device.key.ip);
  };
  bool one_stays = rank(one) < rank(other);
  Device& device = one_stays ? one : other;
  Device gone = devices_.take(one_stays ? other : one);
  ++counters_.devices_joined;
  devices_.alias(device, gone.key);
  for (const HostKey& alias : gone.aliases) devices_.alias(device, alias);
  bool forwards = gone.role == Role::router && device.role != Role::router;
  bool is_bridge = gone.role == Role::bridge && device.role == Role::station;
  if (forwards || is_bridge) {
    device.role = gone.role;
    device.role_claim = gone.role_claim;
  }
  Claim claim;
  claim.aspect = Aspect::identity;
  claim.value = gone.key.mac ? to_string(gone.key.mac) : to_string(gone.key.ip);
  claim.certainty = certainty_of_role;
  claim.rule = "same-device";
  claim.protocol = proof.protocol;
  claim.field = proof.field;
  claim.text = proof.text.view();
  claim.frame = proof.frame;
  claim.source = proof.source;
  claim.time = proof.time;
  add_claim(device, {std::move(claim), proof.host.ip, true, {}});
  remember(device, gone);
  merge(device, std::move(gone));
  changed(device);
  return device;
}

}  // namespace tapwarden
