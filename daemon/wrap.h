/* SPDX-License-Identifier: MIT */
#ifndef QRNGD_WRAP_H
#define QRNGD_WRAP_H

/**
 * qrngd_wrap() - print text in lines that are not too long
 * @text: words with blanks between them
 * @column: where this line is already
 * @prefix: what each further line begins with
 */
void qrngd_wrap(const char *text, int column, const char *prefix);

#endif /* QRNGD_WRAP_H */
