// SPDX-License-Identifier: Apache-2.0
// The way in: commands live in app/.
int main() { return 0; }
