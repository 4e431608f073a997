/*
 * A card reader whose cable is a file. While the file is there, pcscd sees a USB reader that vpcd's driver stands behind; when
 * it goes, udev tells pcscd that the device has left, and the driver answers that there is none.
 *
 * One library in two roles: loaded before libudev it stands in for the few functions of it that pcscd calls
 * (hotplug_libudev.c of pcsc-lite), and as an IFD handler 3.0 (ifdhandler.h) it passes everything on to vpcd.
 *
 * READER_CABLE: the file; READER_BUS: its folder; READER_DRIVER: vpcd's library.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <ifdhandler.h>

static int is_plugged(void)
{
	const char *cable = getenv("READER_CABLE");
	return cable != NULL && access(cable, F_OK) == 0;
}

/* udev: one device, the reader, and every handle stands for it. */

static char handle;
static int events = -1;
static int told_plugged;

void *udev_new(void) { return &handle; }
void *udev_unref(void *udev) { (void)udev; return NULL; }

void *udev_enumerate_new(void *udev) { return udev; }
void *udev_enumerate_unref(void *list) { (void)list; return NULL; }
int udev_enumerate_add_match_subsystem(void *list, const char *subsystem)
{
	(void)list;
	(void)subsystem;
	return 0;
}
int udev_enumerate_scan_devices(void *list)
{
	(void)list;
	told_plugged = is_plugged();
	return 0;
}
void *udev_enumerate_get_list_entry(void *list) { return told_plugged ? list : NULL; }
void *udev_list_entry_get_next(void *entry) { (void)entry; return NULL; }
const char *udev_list_entry_get_name(void *entry) { (void)entry; return "/sys/reader"; }

void *udev_device_new_from_syspath(void *udev, const char *path) { (void)path; return udev; }
void *udev_device_unref(void *device) { (void)device; return NULL; }
void *udev_device_get_parent_with_subsystem_devtype(void *device, const char *subsystem, const char *type)
{
	(void)subsystem;
	(void)type;
	return device;
}
const char *udev_device_get_devnode(void *device) { (void)device; return "/dev/bus/usb/001/001"; }
const char *udev_device_get_sysname(void *device) { (void)device; return "1-1:1.0"; }
const char *udev_device_get_action(void *device)
{
	(void)device;
	return told_plugged ? "add" : "remove";
}
const char *udev_device_get_sysattr_value(void *device, const char *name)
{
	(void)device;
	/* As in the bundle's Info.plist. */
	if (strcmp(name, "idVendor") == 0)
		return "1209";
	return strcmp(name, "idProduct") == 0 ? "0001" : NULL;
}

void *udev_monitor_new_from_netlink(void *udev, const char *name) { (void)name; return udev; }
int udev_monitor_filter_add_match_subsystem_devtype(void *monitor, const char *subsystem, const char *type)
{
	(void)monitor;
	(void)subsystem;
	(void)type;
	return 0;
}
int udev_monitor_enable_receiving(void *monitor)
{
	(void)monitor;
	events = inotify_init1(IN_CLOEXEC);
	return inotify_add_watch(events, getenv("READER_BUS"), IN_CREATE | IN_DELETE) < 0;
}
int udev_monitor_get_fd(void *monitor) { (void)monitor; return events; }
void *udev_monitor_receive_device(void *monitor)
{
	char seen[4096];
	if (read(events, seen, sizeof seen) < 0 || is_plugged() == told_plugged)
		return NULL;
	told_plugged = !told_plugged;
	return monitor;
}

/* The driver. */

static void *vpcd(const char *name)
{
	static void *driver;
	if (driver == NULL)
		driver = dlopen(getenv("READER_DRIVER"), RTLD_NOW | RTLD_LOCAL);
	return driver == NULL ? NULL : dlsym(driver, name);
}

#define PASS_ON(name, parameters, arguments)                       \
	RESPONSECODE name parameters                               \
	{                                                          \
		RESPONSECODE (*driver) parameters = vpcd(#name);   \
		if (!is_plugged() || driver == NULL)               \
			return IFD_NO_SUCH_DEVICE;                 \
		RESPONSECODE result = driver arguments;            \
		return is_plugged() ? result : IFD_NO_SUCH_DEVICE; \
	}

PASS_ON(IFDHCreateChannel, (DWORD lun, DWORD channel), (lun, channel))
PASS_ON(IFDHICCPresence, (DWORD lun), (lun))
PASS_ON(IFDHPowerICC, (DWORD lun, DWORD action, PUCHAR atr, PDWORD length), (lun, action, atr, length))
PASS_ON(IFDHTransmitToICC,
	(DWORD lun, SCARD_IO_HEADER send, PUCHAR command, DWORD command_length, PUCHAR response,
	 PDWORD response_length, PSCARD_IO_HEADER receive),
	(lun, send, command, command_length, response, response_length, receive))
PASS_ON(IFDHSetProtocolParameters,
	(DWORD lun, DWORD protocol, UCHAR flags, UCHAR pts1, UCHAR pts2, UCHAR pts3),
	(lun, protocol, flags, pts1, pts2, pts3))
PASS_ON(IFDHSetCapabilities, (DWORD lun, DWORD tag, DWORD length, PUCHAR value), (lun, tag, length, value))
PASS_ON(IFDHControl,
	(DWORD lun, DWORD code, PUCHAR sent, DWORD sent_length, PUCHAR answer, DWORD room, LPDWORD length),
	(lun, code, sent, sent_length, answer, room, length))

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR usb_name)
{
	RESPONSECODE (*driver)(DWORD, LPSTR) = vpcd("IFDHCreateChannelByName");
	char port[] = "/dev/null:0x8C7B";
	(void)usb_name;
	if (!is_plugged() || driver == NULL)
		return IFD_NO_SUCH_DEVICE;
	return driver(lun, port);
}

/* Also when the reader has left: pcscd lets go of it then. */
RESPONSECODE IFDHCloseChannel(DWORD lun)
{
	RESPONSECODE (*driver)(DWORD) = vpcd("IFDHCloseChannel");
	return driver == NULL ? IFD_COMMUNICATION_ERROR : driver(lun);
}

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value)
{
	RESPONSECODE (*driver)(DWORD, DWORD, PDWORD, PUCHAR) = vpcd("IFDHGetCapabilities");
	/* One slot, as a kiosk's reader has: each one more takes pcscd 0.4 s longer to let go of. */
	if (tag == TAG_IFD_SLOTS_NUMBER && *length >= 1) {
		*length = 1;
		*value = 1;
		return IFD_SUCCESS;
	}
	return driver == NULL ? IFD_COMMUNICATION_ERROR : driver(lun, tag, length, value);
}
