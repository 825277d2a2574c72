// SPDX-License-Identifier: Apache-2.0
// The device object of OCSF 1.4.
#include "deliver/formats/formats.hpp"
#include "deliver/formats/ocsf.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

/// The schema's words for what a device is end where networks begin.
Named device_type(const std::string& role) {
  if (role == "router") return {12, "Router"};
  if (role == "bridge") return {10, "Switch"};
  if (role == "guest") return {6, "Virtual"};
  return role == "virtual" ? Named{99, "Other"} : Named{0, "Unknown"};
}

}  // namespace

void set_named(json::object& object, std::string_view key, Named named) {
  object[std::string(key) + "_id"] = named.id;
  object[key] = named.caption;
}

void set_time(json::object& object, std::string_view key, const std::optional<Timestamp>& time) {
  if (time) object[key] = milliseconds(*time);
}

json::object ocsf_device(const DeviceFields& fields) {
  json::object object;
  set_named(object, "type", device_type(fields.role));
  // One of uid, name and ip it must have, whatever the record lacks.
  set(object, "uid", fields.id);
  if (fields.id.empty() && fields.names.empty() && fields.ips.empty())
    object["uid"] = fields.macs.empty() ? "unknown" : fields.macs.front();
  if (!fields.names.empty()) {
    object["name"] = fields.names.front();
    object["hostname"] = fields.names.front();
  }
  set(object, "ip", best_ip(fields));
  json::array interfaces;
  for (const std::string& mac : fields.macs)
    interfaces.push_back(json::object{{"mac", mac}, {"type_id", 0}, {"type", "Unknown"}});
  for (const std::string& ip : fields.ips)
    interfaces.push_back(json::object{{"ip", ip}, {"type_id", 0}, {"type", "Unknown"}});
  set(object, "network_interfaces", std::move(interfaces));
  if (!fields.macs.empty()) object["mac"] = fields.macs.front();
  const std::string& vendor = fields.supplier.empty() ? fields.registrant : fields.supplier;
  set(object, "vendor_name", vendor);
  set(object, "model", fields.model);
  json::object hardware;
  set(hardware, "serial_number", fields.serial);
  set(hardware, "vendor_name", vendor);
  set(object, "hw_info", std::move(hardware));
  if (!fields.software.empty())
    object["os"] = {{"name", fields.software}, {"type_id", 99}, {"type", "Other"}};
  if (!fields.vlans.empty()) object["vlan_uid"] = std::to_string(fields.vlans.front());
  set_time(object, "first_seen_time", fields.first_seen);
  set_time(object, "last_seen_time", fields.last_seen);
  return object;
}

json::array ocsf_observables(const DeviceFields& fields) {
  json::array array;
  auto add = [&](const char* name, Named type, const std::string& value) {
    array.push_back(json::object{
        {"name", name}, {"type_id", type.id}, {"type", type.caption}, {"value", value}});
  };
  for (const std::string& mac : fields.macs)
    add("device.network_interfaces.mac", {3, "MAC Address"}, mac);
  for (const std::string& ip : fields.ips)
    add("device.network_interfaces.ip", {2, "IP Address"}, ip);
  if (!fields.names.empty()) add("device.hostname", {1, "Hostname"}, fields.names.front());
  return array;
}

json::object ocsf_unmapped(const DeviceFields& fields) {
  json::object object;
  set(object, "role", fields.role);
  set(object, "mac_administration", fields.mac_administration);
  set(object, "registrant", fields.registrant);
  set(object, "brand", fields.brand);
  set(object, "sold_as", fields.sold_as);
  set(object, "grade", fields.grade);
  set(object, "certainty", fields.certainty);
  set(object, "switch", fields.location_switch);
  set(object, "port", fields.location_port);
  set(object, "tap", fields.tap);
  set(object, "tunnel", fields.tunnel);
  set(object, "tunnel_id", fields.tunnel_id);
  set(object, "policies", fields.policies);
  set(object, "names", fields.names);
  set(object, "packets", fields.packets);
  return object;
}

}  // namespace tapwarden
