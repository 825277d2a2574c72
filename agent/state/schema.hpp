// SPDX-License-Identifier: Apache-2.0
// The schema of the state, as the steps that led to it: each brings a database of the version of
// its place to the next. A step that was published is never changed. Times are nanoseconds since
// 1970 UTC.
#pragma once

namespace tapwarden {

inline constexpr const char* state_migrations[] = {
    R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE devices(
  id TEXT PRIMARY KEY, tap TEXT NOT NULL, vlans TEXT NOT NULL, tunnel INTEGER NOT NULL,
  tunnel_id INTEGER NOT NULL, mac TEXT NOT NULL, ip TEXT NOT NULL, role INTEGER NOT NULL,
  registrant TEXT NOT NULL, location_switch TEXT NOT NULL, location_port TEXT NOT NULL,
  first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, heard INTEGER NOT NULL,
  returned INTEGER NOT NULL, away INTEGER NOT NULL, packets INTEGER NOT NULL,
  more TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX devices_last_seen ON devices(last_seen);
CREATE TABLE claims(
  device TEXT NOT NULL REFERENCES devices(id), place INTEGER NOT NULL, aspect INTEGER NOT NULL,
  value TEXT NOT NULL, supplier TEXT NOT NULL, certainty REAL NOT NULL, rule TEXT NOT NULL,
  protocol TEXT NOT NULL, field TEXT NOT NULL, text TEXT NOT NULL, frame INTEGER NOT NULL,
  source TEXT NOT NULL, time INTEGER NOT NULL, flow TEXT NOT NULL, ip TEXT NOT NULL,
  firm INTEGER NOT NULL,
  PRIMARY KEY(device, place)) WITHOUT ROWID;
CREATE TABLE alerts(
  id TEXT PRIMARY KEY, device TEXT NOT NULL, policy TEXT NOT NULL, supplier TEXT NOT NULL,
  scope TEXT NOT NULL, severity INTEGER NOT NULL, aspect INTEGER NOT NULL, state INTEGER NOT NULL,
  standing INTEGER NOT NULL, raised INTEGER NOT NULL, changed INTEGER NOT NULL,
  heard INTEGER NOT NULL, returned INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL,
  until INTEGER, events INTEGER NOT NULL, more TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX alerts_device ON alerts(device);
CREATE TABLE timeline(
  alert TEXT NOT NULL REFERENCES alerts(id), place INTEGER NOT NULL, id TEXT NOT NULL,
  kind INTEGER NOT NULL, state INTEGER NOT NULL, time INTEGER NOT NULL, changes TEXT NOT NULL,
  actor TEXT NOT NULL, reason TEXT NOT NULL, until INTEGER, told INTEGER NOT NULL,
  held INTEGER NOT NULL, PRIMARY KEY(alert, place)) WITHOUT ROWID;
)sql",
    R"sql(
CREATE TABLE deliveries(
  output TEXT PRIMARY KEY, delivered INTEGER NOT NULL, retried INTEGER NOT NULL,
  set_aside INTEGER NOT NULL, lost INTEGER NOT NULL, dropped_devices INTEGER NOT NULL,
  dropped_alerts INTEGER NOT NULL, damaged INTEGER NOT NULL) WITHOUT ROWID;
)sql",
};

}  // namespace tapwarden
