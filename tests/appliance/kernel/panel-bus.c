// SPDX-License-Identifier: GPL-2.0
/*
 * An I2C bus with the chips of the front panel, for tests in a virtual machine: an ADS1115 (data sheet SBAS444) at 0x48 and an
 * SSD1306 (Solomon Systech, revision 1.1) with 128 x 64 pixels at 0x3c; at 0x50 is a chip that gives back what it was told. It
 * is bus 1, as on the header of a Raspberry Pi, and fails with the numbers that its controller (i2c-bcm2835) gives.
 *
 * In /sys/kernel/panel_bus:
 *   ain0 to ain3   what the converter will read at each input, as the number it gives (-32768 to 32767)
 *   display        1; 0 pulls the display off: it does not acknowledge, and what it held is lost
 *   converter      1; 0 does the same to the converter
 *   nak            the next so many transfers are not acknowledged
 *   failing        while it is not 0 each transfer fails with this number of errno.h
 *   hang_ms        while it is not 0 each transfer takes so long, and fails as on a line that is held down
 *   khz            clock of the bus, whose time transfers take; 0 for none
 *   transfers      transfers that went well
 *   display_bytes  bytes of commands and pixels that the display took
 *   is_lit         whether the display is on and has its supply
 *   picture        the memory of the display, 8 pages of 128 columns
 */
#include <linux/delay.h>
#include <linux/i2c.h>
#include <linux/kobject.h>
#include <linux/ktime.h>
#include <linux/module.h>

#define CONVERTER_ADDRESS 0x48
#define DISPLAY_ADDRESS 0x3c
#define ECHO_ADDRESS 0x50
/* Of each byte nine bits are sent, and the address is one more byte. */
#define BITS_PER_BYTE 9

struct setting {
	struct kobj_attribute attribute;
	int value;
};

static void forget_display(void);
static void forget_converter(void);
static ssize_t show(struct kobject *folder, struct kobj_attribute *attribute, char *text);
static ssize_t store(struct kobject *folder, struct kobj_attribute *attribute, const char *text, size_t length);

#define SETTING(name, initial) static struct setting name = { __ATTR(name, 0644, show, store), initial }
SETTING(ain0, 0);
SETTING(ain1, 0);
SETTING(ain2, 0);
SETTING(ain3, 0);
SETTING(display, 1);
SETTING(converter, 1);
SETTING(nak, 0);
SETTING(failing, 0);
SETTING(hang_ms, 0);
SETTING(khz, 400);
SETTING(transfers, 0);
SETTING(display_bytes, 0);
SETTING(is_lit, 0);

static ssize_t show(struct kobject *folder, struct kobj_attribute *attribute, char *text)
{
	return sysfs_emit(text, "%d\n", READ_ONCE(container_of(attribute, struct setting, attribute)->value));
}

static ssize_t store(struct kobject *folder, struct kobj_attribute *attribute, const char *text, size_t length)
{
	struct setting *setting = container_of(attribute, struct setting, attribute);
	int error = kstrtoint(text, 0, &setting->value);

	if (error)
		return error;
	/* A chip that was pulled off or put on begins as after power-on. */
	if (setting == &display)
		forget_display();
	if (setting == &converter)
		forget_converter();
	return length;
}

/* The ADS1115 */

enum { CONVERSION, CONFIG, LOW_THRESHOLD, HIGH_THRESHOLD, REGISTERS };
#define CONFIG_START 0x8000
static const u16 registers_at_power_on[REGISTERS] = { 0, 0x8583, 0x8000, 0x7fff };
static const u16 samples_per_second[8] = { 8, 16, 32, 64, 128, 250, 475, 860 };

static u16 registers[REGISTERS];
static u8 pointer;
/* The conversion under way: what it will give and when. */
static ktime_t ready_at;
static u16 coming;

static void forget_converter(void)
{
	memcpy(registers, registers_at_power_on, sizeof(registers));
	pointer = 0;
	ready_at = 0;
}

static void finish_conversion(void)
{
	if (!ready_at || ktime_before(ktime_get(), ready_at))
		return;
	registers[CONVERSION] = coming;
	ready_at = 0;
}

static void start_conversion(u16 config)
{
	struct setting *inputs[4] = { &ain0, &ain1, &ain2, &ain3 };
	u8 input = config >> 12 & 7;

	/* Only single inputs against ground: what is asked of pairs of inputs reads 0. */
	coming = input & 4 ? READ_ONCE(inputs[input & 3]->value) : 0;
	ready_at = ktime_add_ns(ktime_get(), NSEC_PER_SEC / samples_per_second[config >> 5 & 7]);
}

static void write_converter(const u8 *bytes, int length)
{
	if (length < 1)
		return;
	finish_conversion();
	pointer = bytes[0] & 3;
	if (length < 3 || pointer == CONVERSION)
		return;
	registers[pointer] = bytes[1] << 8 | bytes[2];
	if (pointer == CONFIG && registers[CONFIG] & CONFIG_START && !ready_at)
		start_conversion(registers[CONFIG]);
}

static void read_converter(u8 *bytes, int length)
{
	u16 value;
	int at;

	finish_conversion();
	value = registers[pointer];
	/* The bit that starts a conversion reads as whether none is under way. */
	if (pointer == CONFIG)
		value = ready_at ? value & ~CONFIG_START : value | CONFIG_START;
	for (at = 0; at < length; at++)
		bytes[at] = at & 1 ? value : value >> 8;
}

/* The SSD1306 */

enum { HORIZONTAL, VERTICAL, BY_PAGE };
#define COLUMNS 128
#define PAGES 8
#define MOST_ARGUMENTS 6
/* What the memory holds after power-on is not defined. */
#define GARBAGE 0xa5

static u8 picture[PAGES * COLUMNS];
static u8 mode, column, first_column, last_column, page, first_page, last_page;
static u8 command, arguments[MOST_ARGUMENTS], argument_count, arguments_due;
static bool is_on, has_supply;

static void forget_display(void)
{
	memset(picture, GARBAGE, sizeof(picture));
	mode = BY_PAGE;
	column = first_column = page = first_page = 0;
	last_column = COLUMNS - 1;
	last_page = PAGES - 1;
	arguments_due = 0;
	is_on = has_supply = false;
	is_lit.value = 0;
}

static void next_page(void)
{
	page = page == last_page ? first_page : (page + 1) % PAGES;
}

static void next_column(void)
{
	column = column == last_column ? first_column : (column + 1) % COLUMNS;
}

static void put_pixels(u8 pixels)
{
	picture[page * COLUMNS + column] = pixels;
	if (mode == VERTICAL) {
		if (page == last_page)
			next_column();
		next_page();
		return;
	}
	if (mode == HORIZONTAL && column == last_column)
		next_page();
	next_column();
}

static u8 arguments_of(u8 of_command)
{
	switch (of_command) {
	case 0x20: case 0x81: case 0x8d: case 0xa8: case 0xd3: case 0xd5: case 0xd9: case 0xda: case 0xdb:
		return 1;
	case 0x21: case 0x22: case 0xa3:
		return 2;
	case 0x29: case 0x2a:
		return 5;
	case 0x26: case 0x27:
		return 6;
	}
	return 0;
}

static void obey(void)
{
	if (command <= 0x0f)
		column = (column & 0x70) | command;
	else if (command <= 0x1f)
		column = (column & 0x0f) | (command & 7) << 4;
	else if (command == 0x20)
		mode = arguments[0] & 3;
	else if (command == 0x21) {
		column = first_column = arguments[0] & 0x7f;
		last_column = arguments[1] & 0x7f;
	} else if (command == 0x22) {
		page = first_page = arguments[0] & 7;
		last_page = arguments[1] & 7;
	} else if (command == 0x8d)
		has_supply = arguments[0] & 4;
	else if (command == 0xae || command == 0xaf)
		is_on = command & 1;
	else if ((command & 0xf8) == 0xb0)
		page = command & 7;
	is_lit.value = is_on && has_supply;
}

static void take_command(u8 byte)
{
	if (arguments_due == 0) {
		command = byte;
		argument_count = 0;
		arguments_due = arguments_of(byte);
	} else {
		arguments[argument_count++] = byte;
		arguments_due--;
	}
	if (arguments_due == 0)
		obey();
}

/* After a control byte comes one byte where its highest bit is set, and else all that is left; the next bit tells pixels. */
static void write_display(const u8 *bytes, int length)
{
	int at = 0;

	while (at < length) {
		u8 control = bytes[at++];

		for (; at < length; at++) {
			if (control & 0x40)
				put_pixels(bytes[at]);
			else
				take_command(bytes[at]);
			display_bytes.value++;
			if (control & 0x80) {
				at++;
				break;
			}
		}
	}
}

/* The chip that gives back the last bytes that it was told */

#define ECHO_BYTES 32
static u8 echo[ECHO_BYTES];
static int echo_length;

static void write_echo(const u8 *bytes, int length)
{
	echo_length = min(length, ECHO_BYTES);
	memcpy(echo, bytes + length - echo_length, echo_length);
}

static void read_echo(u8 *bytes, int length)
{
	int at;

	for (at = 0; at < length; at++)
		bytes[at] = echo_length - length + at >= 0 ? echo[echo_length - length + at] : 0;
}

/* The bus */

static bool is_there(u16 address)
{
	if (address == ECHO_ADDRESS)
		return true;
	return (address == CONVERTER_ADDRESS && READ_ONCE(converter.value)) || (address == DISPLAY_ADDRESS && READ_ONCE(display.value));
}

static int pass(struct i2c_msg *message)
{
	unsigned int us = khz.value > 0 ? (message->len + 1) * BITS_PER_BYTE * 1000 / khz.value : 0;

	if (hang_ms.value > 0) {
		msleep(hang_ms.value);
		return -ETIMEDOUT;
	}
	if (failing.value != 0)
		return -failing.value;
	if (!is_there(message->addr))
		return -EREMOTEIO;
	if (nak.value > 0) {
		nak.value--;
		return -EREMOTEIO;
	}
	if (us > 0)
		usleep_range(us, us + 20);
	if (message->addr == DISPLAY_ADDRESS && message->flags & I2C_M_RD)
		return -EREMOTEIO;
	if (message->addr == DISPLAY_ADDRESS)
		write_display(message->buf, message->len);
	else if (message->addr == ECHO_ADDRESS && message->flags & I2C_M_RD)
		read_echo(message->buf, message->len);
	else if (message->addr == ECHO_ADDRESS)
		write_echo(message->buf, message->len);
	else if (message->flags & I2C_M_RD)
		read_converter(message->buf, message->len);
	else
		write_converter(message->buf, message->len);
	return 0;
}

static int transfer(struct i2c_adapter *adapter, struct i2c_msg *messages, int count)
{
	int at;

	for (at = 0; at < count; at++) {
		int error = pass(&messages[at]);

		if (error)
			return error;
	}
	transfers.value++;
	return count;
}

static u32 functionality(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm algorithm = { .master_xfer = transfer, .functionality = functionality };
static struct i2c_adapter adapter = { .owner = THIS_MODULE, .algo = &algorithm, .name = "panel bus", .nr = 1 };

static ssize_t read_picture(struct file *file, struct kobject *folder, struct bin_attribute *attribute, char *into, loff_t from, size_t length)
{
	return memory_read_from_buffer(into, length, &from, picture, sizeof(picture));
}

static struct bin_attribute picture_file = { .attr = { .name = "picture", .mode = 0444 }, .size = sizeof(picture), .read = read_picture };
static struct bin_attribute *binary_files[] = { &picture_file, NULL };
static struct attribute *text_files[] = {
	&ain0.attribute.attr, &ain1.attribute.attr, &ain2.attribute.attr, &ain3.attribute.attr, &display.attribute.attr,
	&converter.attribute.attr, &nak.attribute.attr, &failing.attribute.attr,
	&hang_ms.attribute.attr, &khz.attribute.attr, &transfers.attribute.attr,
	&display_bytes.attribute.attr, &is_lit.attribute.attr, NULL
};
static const struct attribute_group files = { .attrs = text_files, .bin_attrs = binary_files };
static struct kobject *folder;

static int __init panel_bus_init(void)
{
	int error;

	forget_display();
	forget_converter();
	folder = kobject_create_and_add("panel_bus", kernel_kobj);
	if (!folder)
		return -ENOMEM;
	error = sysfs_create_group(folder, &files);
	if (!error)
		error = i2c_add_numbered_adapter(&adapter);
	if (error)
		kobject_put(folder);
	return error;
}

static void __exit panel_bus_exit(void)
{
	i2c_del_adapter(&adapter);
	kobject_put(folder);
}

module_init(panel_bus_init);
module_exit(panel_bus_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("I2C bus with an ADS1115 and an SSD1306, for tests");
