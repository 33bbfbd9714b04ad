// The controller's part for references: parses the name, then asks the registry.

import { t } from "../i18n/strings.js";
import { asking } from "./settings.js";
import { asked } from "./state.js";

/** @param {import("./controller.js").Controller} controller @param {import("./controller.js").Place} place */
export function openReference(controller, place) {
	const { ref = "", platform } = place;
	controller.address.place = place;
	controller.update({ input: ref });
	controller.run(t("progress.start"), async (job) => {
		const { name, readAs } = asked(ref, await controller.api.readReference(ref));
		controller.update({ readAs });
		// Read at each try: settings are what people change before they try again.
		return controller.api.inspect(name, { ...asking(controller.state.settings), platform, ...job });
	});
}
