// SPDX-License-Identifier: MIT
/*
 * /dev/aesbench: what the kernel's own AES-256-CTR costs, with the copy to the reader and
 * nothing else: one key, one large request after the other, encrypted in place. Its output
 * is no secret and never random; the module is for measuring only.
 */
#include <crypto/skcipher.h>
#include <linux/crypto.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define PIECE	SZ_64K

static struct crypto_skcipher *tfm;
static u8 *piece;

static int encrypt(struct skcipher_request *request, u8 *counter, size_t len)
{
	struct scatterlist sg;
	DECLARE_CRYPTO_WAIT(wait);

	sg_init_one(&sg, piece, len);
	skcipher_request_set_callback(request, 0, crypto_req_done, &wait);
	skcipher_request_set_crypt(request, &sg, &sg, len, counter);
	return crypto_wait_req(crypto_skcipher_encrypt(request), &wait);
}

static ssize_t aesbench_read(struct file *file, char __user *to, size_t len, loff_t *pos)
{
	struct skcipher_request *request = skcipher_request_alloc(tfm, GFP_KERNEL);
	u8 counter[16] = {};
	size_t done, part;
	int ret = request ? 0 : -ENOMEM;

	for (done = 0; !ret && done < len; done += part) {
		part = min_t(size_t, len - done, PIECE);
		ret = encrypt(request, counter, part);
		if (!ret && copy_to_user(to + done, piece, part))
			ret = -EFAULT;
	}
	skcipher_request_free(request);
	return ret ?: len;
}

static const struct file_operations aesbench_fops = {
	.owner = THIS_MODULE,
	.read = aesbench_read,
};

static struct miscdevice aesbench = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "aesbench",
	.mode = 0444,
	.fops = &aesbench_fops,
};

static int __init aesbench_init(void)
{
	static const u8 key[32];
	int ret;

	tfm = crypto_alloc_skcipher("ctr(aes)", 0, 0);
	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	ret = crypto_skcipher_setkey(tfm, key, sizeof(key));
	if (ret)
		goto err_tfm;
	piece = kzalloc(PIECE, GFP_KERNEL);
	ret = piece ? misc_register(&aesbench) : -ENOMEM;
	if (ret)
		goto err_piece;
	pr_info("aesbench: %s\n", crypto_tfm_alg_driver_name(crypto_skcipher_tfm(tfm)));
	return 0;

err_piece:
	kfree(piece);
err_tfm:
	crypto_free_skcipher(tfm);
	return ret;
}

static void __exit aesbench_exit(void)
{
	misc_deregister(&aesbench);
	kfree(piece);
	crypto_free_skcipher(tfm);
}

module_init(aesbench_init);
module_exit(aesbench_exit);

MODULE_DESCRIPTION("Cost of the kernel's AES-256-CTR");
MODULE_LICENSE("Dual MIT/GPL");
