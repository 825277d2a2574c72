// SPDX-License-Identifier: Apache-2.0
#include "report/table.hpp"

#include <algorithm>

#include "report/dates.hpp"
#include "report/order.hpp"
#include "support/catch.hpp"
#include "support/judged.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

std::string shown(const JudgedNetwork& network, TableStyle style = {}) {
  Summary summary;
  summary.add(*network.inventory);
  return table(*network.inventory, *network.alerts, summary, network.names, style);
}

std::string without_colours(const std::string& text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b')
      i = text.find('m', i);
    else
      plain += text[i];
  }
  return plain;
}

size_t count(std::string_view text, std::string_view part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

void fill(JudgedNetwork& network) {
  network(binding("00:e0:fc:00:00:01", "192.0.2.1", 3));
  network(banner(station("00:e0:fc:00:00:01"), "ACME 1", 4));
  network(fact(station("00:e0:fc:00:00:01"), Protocol::sadp, Field::model, "C-1", 5));
  network(fact(station("00:e0:fc:00:00:01"), Protocol::lldp, Field::system_name, "cam", 5));
  network(sighting(behind("00:e1:00:00:00:01", "192.0.2.2"), 6));
  network(fact(station("02:00:00:00:00:01"), Protocol::lldp, Field::system_name, "caf\xc3\xa9", 7));
}

}  // namespace

TEST_CASE("Table: flagged devices with their evidence, then the others, then the sums", "[table]") {
  JudgedNetwork network;
  fill(network);
  Summary summary;
  summary.add(*network.inventory);
  summary.packets = 10;
  summary.decoded = 7;
  summary.undecoded = {{"ipv4", 2}, {"llc", 1}};
  summary.malformed = {{"dhcp", 4}};
  summary.alerts = 3;
  summary.bounds = {{"claims_refused", 5}};
  CHECK(table(*network.inventory, *network.alerts, summary, network.names, {}) ==
        "FLAGGED  1\n"
        "\n"
        "  acme  confirmed 0.98  00:e0:fc:00:00:01  192.0.2.1  C-1 \"cam\"\n"
        "    role      station\n"
        "    policies  ban (critical), list (low)\n"
        "    evidence  0.90 ssh banner \"ACME 1\"  frame 4  acme-ssh\n"
        "              0.80 arp binding \"00:e0:fc:00:00:01\"  frame 3  ieee-registry\n"
        "\n"
        "OTHERS  2\n"
        "  MAC                IP         ROLE     MAKER          WHAT IT SAYS\n"
        "  00:e1:00:00:00:01  192.0.2.2  station  Somebody Ltd\n"
        "  02:00:00:00:00:01             station  (private MAC)  \"caf\xc3\xa9\"\n"
        "\n"
        "10 packets = 7 decoded + 3 undecoded (ipv4 2, llc 1)\n"
        "4 messages malformed (dhcp 4)\n"
        "3 devices, 1 flagged, 3 alerts\n"
        "bounds reached: claims_refused 5\n");
}

TEST_CASE("Table: nothing at all", "[table]") {
  JudgedNetwork network;
  CHECK(shown(network) ==
        "FLAGGED  0\n\nOTHERS  0\n\n0 packets = 0 decoded + 0 undecoded\n0 messages malformed\n"
        "0 devices, 0 flagged, 0 alerts\n");
}

TEST_CASE("Table: colours only when asked for, and they change nothing else", "[table]") {
  JudgedNetwork network;
  fill(network);
  std::string plain = shown(network);
  CHECK(plain.find('\x1b') == std::string::npos);
  std::string coloured = shown(network, {.colour = true});
  CHECK(coloured.find('\x1b') != std::string::npos);
  CHECK(without_colours(coloured) == plain);
}

TEST_CASE("Table: the capture is named where there are several", "[table]") {
  JudgedNetwork network;
  Observation said = banner(station("00:e0:fc:00:00:01"), "ACME 1", 4);
  said.source = 1;
  network(said);
  CHECK(count(shown(network), "b.pcap") == 0);
  CHECK(count(shown(network, {.show_source = true}), "\"ACME 1\"  frame 4 of b.pcap  acme-ssh") ==
        1);
}

TEST_CASE("Table: eight pieces of evidence, and how many more there are", "[table]") {
  for (int claims : {8, 9, 12}) {
    JudgedNetwork network;
    for (int i = 0; i < claims; ++i)
      network(banner(station("02:00:00:00:00:01"), "ACME " + std::to_string(i), i));
    std::string text = shown(network);
    CHECK(count(text, "acme-ssh") == 8);
    CHECK(count(text, "more\n") == (claims > 8 ? 1 : 0));
    if (claims > 8)
      CHECK(count(text, "              and " + std::to_string(claims - 8) + " more\n") == 1);
  }
}

TEST_CASE("Table: what a device says is cut, and no part of it reaches the terminal", "[table]") {
  JudgedNetwork network;
  std::string hostile = "\x1b[2J\x07\r\nFLAGGED  0\x7f\xe2\x80\xae ACME ";
  for (int i = 0; i < 100; ++i) hostile += "\xc3\xa9\x1b[31m";
  network(banner(station("02:00:00:00:00:01"), hostile, 1));
  network(fact(station("02:00:00:00:00:02"), Protocol::lldp, Field::system_name, hostile, 1));
  std::string text = shown(network);
  for (char c : text) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
  CHECK(text.find('\x7f') == std::string::npos);
  CHECK(text.find("\xe2\x80\xae") == std::string::npos);
  CHECK(count(text, "\nFLAGGED") == 0);
  // A cell has 44 characters at the most, the last of them the mark that something was cut.
  size_t begin = text.find("(private MAC)") + std::string_view("(private MAC)  ").size();
  std::string_view cell(text.data() + begin, text.find('\n', begin) - begin);
  CHECK(cell.ends_with("…"));
  CHECK(std::ranges::count_if(cell, [](char c) { return (c & 0xc0) != 0x80; }) == 44);
}

TEST_CASE("Table: hosts of the rest of the world are only counted", "[table]") {
  JudgedNetwork network;
  for (const char* ip : {"203.0.113.1", "203.0.113.2"}) {
    Host host = behind("00:e1:00:00:00:01", ip);
    host.is_beyond_router = true;
    network(banner(host, "nobody's", 1));
    network(banner(host, ip == std::string_view("203.0.113.2") ? "ACME" : "none", 2));
  }
  std::string text = shown(network);
  CHECK(count(text, "FLAGGED  0\n") == 1);
  CHECK(count(text, "203.0.113.1") == 0);
  CHECK(count(text, "203.0.113.2  remote") == 1);
  CHECK(count(text, "  and 1 hosts beyond a router, outside this network\n") == 1);
}

TEST_CASE("Table: what is known of where a device hangs is told", "[table]") {
  auto where = [](bool has_switch, bool has_port, uint16_t vlan) {
    JudgedNetwork network;
    Host host = station("00:e0:fc:00:00:01");
    auto say = [&](Field field, const char* text) {
      Observation said = fact(host, Protocol::dhcp, field, text, 1);
      if (vlan != 0) said.context.vlan[said.context.vlan_count++] = vlan;
      network(said);
    };
    say(Field::host_name, "cam");
    if (has_switch) say(Field::relay_remote, "sw-1");
    if (has_port) say(Field::relay_circuit, "7");
    std::string text = shown(network);
    size_t begin = text.find("    where     ");
    if (begin == std::string::npos) return std::string("nowhere");
    begin += 14;
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  CHECK(where(false, false, 0) == "nowhere");
  CHECK(where(true, true, 0) == "sw-1 7");
  CHECK(where(true, false, 0) == "sw-1");
  CHECK(where(false, true, 0) == "7");
  CHECK(where(true, true, 10) == "vlan 10, sw-1 7");
  CHECK(where(false, false, 10) == "vlan 10");
}

TEST_CASE("Order: flagged by supplier, then by context and address, whatever came first",
          "[table]") {
  std::vector<Observation> seen;
  for (const char* mac : {"02:00:00:00:00:02", "00:e0:fc:00:00:02", "02:00:00:00:00:01",
                          "00:e0:f0:00:00:01", "00:e0:fc:00:00:01"})
    seen.push_back(sighting(station(mac), 1));
  seen.push_back(sighting(behind("", "10.0.0.2"), 1));
  seen.push_back(sighting(behind("", "10.0.0.10"), 1));
  seen.push_back(sighting(station("02:00:00:00:00:01"), 1));
  seen.back().context.vlan[0] = 5;
  seen.back().context.vlan_count = 1;
  for (size_t i = 0; i < seen.size(); ++i) {
    JudgedNetwork network;
    for (const Observation& one : seen) network(one);
    Lines keys;
    for (const Device* device : in_order(*network.inventory)) keys.push_back(key_text(*device));
    CHECK(keys == Lines{"00:e0:fc:00:00:01", "00:e0:fc:00:00:02", "00:e0:f0:00:00:01",
                        "02:00:00:00:00:01", "02:00:00:00:00:02", "10.0.0.2", "10.0.0.10",
                        "02:00:00:00:00:01"});
    std::ranges::rotate(seen, seen.begin() + 1);
  }
}

TEST_CASE("CSV: a cell is quoted where it must be and never a formula", "[csv]") {
  CHECK(csv_cell("") == "");
  CHECK(csv_cell("plain text; caf\xc3\xa9") == "plain text; caf\xc3\xa9");
  CHECK(csv_cell("a,b") == "\"a,b\"");
  CHECK(csv_cell("say \"no\"") == "\"say \"\"no\"\"\"");
  CHECK(csv_cell("\"") == "\"\"\"\"");
  CHECK(csv_cell("two\nlines") == "\"two\nlines\"");
  CHECK(csv_cell("a\rb") == "\"a\rb\"");
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"})
    CHECK(csv_cell(formula) == "\"'" + std::string(formula) + "\"");
  CHECK(csv_cell("=HYPERLINK(\"x\",\"y\")") == "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
  CHECK(csv_cell("1-1=0") == "1-1=0");
}

TEST_CASE("CSV: a line for each device, in order, with every cell", "[csv]") {
  JudgedNetwork network({"a,b"});
  fill(network);
  network(
      fact(station("00:e0:fc:00:00:01"), Protocol::sadp, Field::serial, "=cmd|' /C calc'!A0", 8));
  std::string id;
  for (const Device* device : in_order(*network.inventory)) {
    if (id.empty()) id = device->id;
  }
  std::string text = csv(*network.inventory, *network.alerts, network.names);
  Lines lines;
  for (size_t at = 0, end; (end = text.find("\r\n", at)) != std::string::npos; at = end + 2)
    lines.push_back(text.substr(at, end - at));
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] ==
        "id,tap,vlans,role,macs,ips,names,registrant,supplier,grade,certainty,brand,model,software,"
        "serial,switch,port,flagged,policies,first_seen,last_seen,packets");
  CHECK(lines[1] == id +
                        ",\"a,b\",,station,00:e0:fc:00:00:01,192.0.2.1,cam,Acme Ltd,acme,confirmed,"
                        "0.980,,C-1,,\"'=cmd|' /C calc'!A0\",,,yes,ban list,"
                        "2026-01-01T00:00:03.000000Z,2026-01-01T00:00:08.000000Z,0");
  CHECK(
      lines[2].ends_with(",\"a,b\",,station,00:e1:00:00:00:01,192.0.2.2,,Somebody Ltd,,,,,,,,,,no,,"
                         "2026-01-01T00:00:06.000000Z,2026-01-01T00:00:06.000000Z,1"));
  CHECK(text.ends_with("\r\n"));
}

TEST_CASE("Dates are YYYY-MM-DD, or unknown", "[table]") {
  CHECK(date_text({}) == "unknown");
  CHECK(date_text(2026y / 9 / 5) == "2026-09-05");
  CHECK(date_text(std::chrono::year(1) / 1 / 1) == "0001-01-01");
}

TEST_CASE("Summary: parts of a run add up", "[table]") {
  Summary one;
  one.files = one.files_failed = one.received = one.dropped = one.observations_dropped = 1;
  one.packets = one.decoded = one.devices = one.flagged = one.alerts = 2;
  one.undecoded = {{"ipv4", 1}};
  one.malformed = {{"dhcp", 1}};
  one.cut = one.opaque = one.tunnelled = one.bounds = {{"x", 3}};
  Summary sum = one;
  sum.undecoded = {{"llc", 5}};
  sum.add(one);
  CHECK(sum.files + sum.files_failed + sum.received + sum.dropped + sum.observations_dropped == 10);
  CHECK(sum.packets + sum.decoded + sum.devices + sum.flagged + sum.alerts == 20);
  using Counts = std::map<std::string, uint64_t>;
  CHECK(sum.undecoded == Counts{{"ipv4", 1}, {"llc", 5}});
  CHECK(sum.malformed == Counts{{"dhcp", 2}});
  for (const Counts& counts : {sum.cut, sum.opaque, sum.tunnelled, sum.bounds})
    CHECK(counts == Counts{{"x", 6}});
}
