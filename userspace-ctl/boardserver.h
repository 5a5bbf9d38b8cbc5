/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The page's server: on 127.0.0.1, in the caller's thread, for whoever has the page's token.
 *
 *	GET /?token=T			the page
 *	GET /style.css, /board.js…	its parts, the same for everybody
 *	GET /state?token=T		the screen as JSON
 *	GET /events?token=T		server-sent events: the screen, then what is new
 *	POST /phase?token=T		{"phase": NAME}
 *
 * Nobody waits for a slow reader: who falls behind is told the whole screen again.
 */
#ifndef _CENSORCTL_BOARDSERVER_H
#define _CENSORCTL_BOARDSERVER_H

#include "screen.h"
#include "source.h"

#define BOARD_TOKEN_SIZE	33	/* 128 bits in hexadecimal, and a NUL */

struct boardserver;

/**
 * boardserver_start() - listen
 * @port: 0 to have one chosen
 * @wrong: set to the reason if it fails
 *
 * Return: the server, or NULL.
 */
struct boardserver *boardserver_start(u16 port, const char **wrong);
/** boardserver_show() - what it serves from now on; until then it answers nothing */
void boardserver_show(struct boardserver *server, struct source *source, const char *netns);
void boardserver_stop(struct boardserver *server);

u16 boardserver_port(const struct boardserver *server);
const char *boardserver_token(const struct boardserver *server);

/** boardserver_fd() - readable when there is something to do */
int boardserver_fd(const struct boardserver *server);
/** boardserver_run() - answer whoever can be answered without waiting */
void boardserver_run(struct boardserver *server);
/** boardserver_tell() - what is new to all who listen; often, it is what they see as live */
void boardserver_tell(struct boardserver *server);

#endif
