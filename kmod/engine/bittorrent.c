// SPDX-License-Identifier: GPL-2.0
/* BitTorrent over TCP; its datagrams are uTP's and the DHT's. */
#include "begins.h"
#include "detectors.h"

/*
 * BEP 3: a peer's handshake begins with the byte 19 and the 19 bytes "BitTorrent protocol"; eight
 * reserved bytes, the torrent's hash and the peer's id follow. From memory. Sure. Reads 20 bytes.
 * The encrypted handshake (MSE) has nothing to know it by: see encrypted.c.
 */
enum censor_found censor_detect_bittorrent(const struct censor_look *look,
					   struct censor_sight *sight)
{
	enum censor_found found = censor_begins(look, 0, "\x13" "BitTorrent protocol", 20);

	if (found == CENSOR_FOUND_ALL)
		censor_saw(sight, CENSOR_PROTOCOL_BITTORRENT, CENSOR_CONFIDENCE_SURE, 0, 20);
	return found;
}
