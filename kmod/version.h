/* SPDX-License-Identifier: GPL-2.0 */
/* Of the module and of censorctl; debian/changelog has it too, and no package is built of another. */
#ifndef _CENSOR_VERSION_H
#define _CENSOR_VERSION_H

#define CENSOR_VERSION	"0.1.0"

#endif
