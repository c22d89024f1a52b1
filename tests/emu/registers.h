/* SPDX-License-Identifier: MIT */
/*
 * The register page of the Quantis PCI card: sixteen 32-bit words at the start
 * of BAR1, ten of them in use. Offsets are bytes.
 */
#ifndef EMU_REGISTERS_H
#define EMU_REGISTERS_H

#define REG_CC_ER 0x00 /* core control: write 1 asserts reset */
#define REG_CC_DR 0x04 /* core control: write 1 releases reset */
#define REG_CC_SR 0x0c /* core control: status */
#define REG_CV_SR 0x1c /* core version: year, month, day, release */
#define REG_FS_CA 0x20 /* FIFO: any write empties it and clears ERROR */
#define REG_FS_RR 0x28 /* FIFO: status */
#define REG_FD_RR 0x2c /* FIFO: each read pops one word */
#define REG_MX_ER 0x30 /* modules: write 1 to set */
#define REG_MX_DR 0x34 /* modules: write 1 to clear */
#define REG_MX_SR 0x3c /* modules: status, one byte for each module */

#define CC_RESET 0x01u

#define FS_EMPTY 0x01u
#define FS_FL1	 0x02u /* at least a quarter full */
#define FS_FL2	 0x04u
#define FS_FL3	 0x08u
#define FS_FULL	 0x40u
#define FS_ERROR 0x80u /* the FIFO has overflown */

/* One module's byte of MX_SR; module n owns bits 8n to 8n + 7. */
#define MX_SD	    0x01u /* shut down */
#define MX_SEN	    0x02u /* enabled */
#define MX_TM	    0x04u /* test mode */
#define MX_HEN	    0x40u /* fitted */
#define MX_HST	    0x80u /* works */
#define MX_SETTABLE (MX_SD | MX_SEN | MX_TM)

#define MX_ALL(bits) ((bits)*0x01010101u)

#define FIFO_WORDS     1024u
#define WORD_PERIOD_NS 8000u /* 500,000 bytes/s from each module */

#endif
