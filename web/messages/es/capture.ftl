# Lo que lee la persona. Palabras breves, sin reproches, nunca un dato del que alguien pueda aprender.

## Marco
frame-skip = Ir al contenido
frame-title = Verificación de identidad
frame-step = Paso { $step } de { $total }
frame-time-left = Tiempo restante: { $time }
frame-decline = No he sido yo / cancelar
frame-language = Idioma

## Duraciones
duration-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
}
duration-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
}
duration-days = { $count ->
    [one] { $count } día
   *[other] { $count } días
}

## Consentimiento
consent-title = { $organization } quiere comprobar que es usted
consent-lead = Tómese un momento para leer esto antes de empezar.
consent-warning-title = ¿Lo ha pedido usted?
consent-warning = Continúe solo si lo ha pedido usted. Nadie del servicio de asistencia le llamará para pedirle que abra este enlace.
consent-warning-phone = ¿Tiene dudas? Cuelgue y llame usted a { $organization }: { $phone }.
consent-who = Quién lo pide
consent-who-value = { $requester }, { $organization }
consent-purpose = Para qué
consent-ticket = Incidencia
consent-opened = Pedido a las
consent-collect = Qué le pedimos
consent-collect-document = Una foto de su documento de identidad
consent-collect-selfie = Un selfi, para comparar su cara con el documento
consent-collect-credential = La credencial «{ $credential }» de Microsoft Authenticator
consent-collect-face-check = Una imagen de su cara, que Authenticator compara con la de la credencial. Solo nos llega el resultado.
consent-kept-images = Las imágenes se conservan { $duration } y después se destruyen.
consent-kept-facts = Lo que leemos del documento, como su nombre, se conserva { $duration }.
consent-kept-credential = La credencial no se conserva. Lo que cuenta de ella, como su nombre, se conserva { $duration }.
consent-seen = Una persona revisora de { $organization } puede ver las imágenes. El servicio de asistencia nunca las ve.
consent-valid = Este enlace funciona durante { $duration }, hasta las { $time }.
consent-agree = Acepto y continúo
consent-decline = No he sido yo

## Documento
document-title = Su documento
document-choose = ¿Qué documento tiene a mano?
document-choose-lead = Debe ser el original: ni una copia ni una imagen en una pantalla.
document-choose-continue = Continuar
document-change = Usar otro documento
kind-passport = Pasaporte
kind-passport-hint = La página con su foto
kind-id_card = Documento de identidad
kind-id_card-hint = Anverso y reverso
kind-driving_licence = Permiso de conducir
kind-driving_licence-hint = Anverso y reverso
kind-visa = Visado
kind-visa-hint = La página con el visado
kind-residence_permit = Permiso de residencia
kind-residence_permit-hint = Anverso y reverso
side-page = { $kind }: página con la foto
side-front = { $kind }: anverso
side-back = { $kind }: reverso
document-tip-fit = Encaje todo el documento en el marco.
document-tip-light = Busque buena luz, lejos de lámparas que reflejen.
document-tip-still = Póngalo sobre una superficie plana y sujete el teléfono sin moverlo.

## Cámara
camera-open = Abrir la cámara
camera-opening = Abriendo la cámara…
camera-take = Hacer la foto
camera-use = Usar esta foto
camera-again = Repetir
camera-file = Elegir una foto de este dispositivo
camera-file-instead = Elegir una foto en su lugar
camera-send = Enviar la foto
camera-sending = Comprobando su foto…
camera-accepted = La foto es buena.
camera-continue = Continuar
camera-refused = Repita la foto, por favor:
camera-tries = Intentos restantes: { $count }
camera-denied = La cámara está bloqueada. Permítala para esta página en los ajustes del navegador e inténtelo de nuevo.
camera-none = No se ha encontrado ninguna cámara en este dispositivo.
camera-failed = No se ha podido enviar la foto. Compruebe su conexión e inténtelo de nuevo.
camera-live = Imagen de la cámara
camera-preview = La foto que ha hecho
camera-script = Para hacer fotos se necesita JavaScript. Actívelo en los ajustes del navegador y vuelva a cargar esta página.

## Selfi
selfie-title = Su selfi
selfie-lead = Comparamos su cara con la foto del documento.
selfie-tip-face = Mire de frente a la cámara, con la cara en el óvalo.
selfie-tip-light = Que la luz le dé en la cara, no por detrás.
selfie-tip-bare = Quítese las gafas de sol, el sombrero y la mascarilla.

## Live selfie
liveness-lead-enrolled = Comparamos su cara con la que registró.
liveness-tip-follow = Haga lo que pide la imagen: gire un poco la cabeza, acérquese, mire al frente.
liveness-keep-title = ¿La próxima vez sin documento?
liveness-keep-lead = { $organization } puede guardar una plantilla de su cara, cifrada, durante { $duration }. Solo sirve para reconocerle cuando se le vuelva a pedir, y puede retirarlo cuando quiera. Puede omitirlo: hoy no cambia nada.
liveness-keep = Guardar una plantilla de mi cara durante { $duration }
liveness-sending = Comprobando lo que vio la cámara…
liveness-progress = Cuánto lleva
liveness-begin = Empezar
liveness-voice = Leer las indicaciones en voz alta
liveness-other-title = ¿Sin cámara, o prefiere no hacerlo?
liveness-other-lead = Una persona puede revisar su solicitud en su lugar. Tarda más.
liveness-other = Que decida una persona
liveness-step-look_ahead = Mire al frente
liveness-step-turn_left = Gire la cabeza a su izquierda
liveness-step-turn_right = Gire la cabeza a su derecha
liveness-step-closer = Acérquese un poco
liveness-step-farther = Aléjese un poco
liveness-hint-dark = Está demasiado oscuro: busque más luz.
liveness-hint-bright = Hay demasiada luz: evite la luz directa.
liveness-hint-behind = La luz está detrás de usted: dese la vuelta.
liveness-hint-still = No se mueva.
liveness-hint-good = Bien. Puede empezar.
end-template-lead = Aceptó que se guarde una plantilla de su cara. Puede retirarlo ahora o más tarde.
end-template-delete = Eliminar la plantilla de mi cara

## Otro dispositivo
handover-offer = Continuar en el teléfono
handover-offer-lead = La cámara del teléfono suele hacer mejores fotos.
handover-show = Mostrar el código QR
handover-qr = Código QR que abre esta verificación en su teléfono
handover-qr-lead = Escanéelo con la cámara del teléfono. Esta página se actualizará sola.
handover-title = Continuar en este teléfono
handover-lead = Empezó en otro dispositivo. Compruebe que estos datos son correctos.
handover-continue = Continuar aquí
following-title = Siga en su teléfono
following-lead = Esta página se actualiza sola. Puede dejarla abierta.
following-reclaim = Continuar aquí

## Proceso
processing-title = Estamos comprobando sus imágenes
processing-lead = No tarda mucho. Puede dejar esta página abierta.

## Finales
end-succeeded-title = Gracias, confirmado
end-succeeded-lead = La verificación ha terminado. { $organization } tiene el resultado.
end-failed-title = No hemos podido confirmar que es usted
end-failed-lead = { $organization } sabe que la verificación no ha salido bien. El servicio de asistencia puede decirle qué otras opciones hay.
end-pending_review-title = Alguien lo va a revisar
end-pending_review-lead = Una persona revisora de { $organization } decidirá. No hace falta que espere aquí.
end-expired-title = Este enlace ha caducado
end-expired-lead = Si aún lo necesita, pida uno nuevo al servicio de asistencia.
end-cancelled-title = Esta verificación se ha anulado
end-cancelled-lead = { $organization } ha retirado la solicitud. No tiene que hacer nada más.
end-declined-title = Gracias por avisarnos
end-declined-lead = La verificación se ha detenido y { $organization } está al corriente. Si alguien le pidió que abriera este enlace, no le dé ningún código ni contraseña.
end-already_opened-title = Este enlace ya se ha abierto
end-already_opened-lead = Solo funciona en el navegador que lo abrió primero. Si no fue usted, llame al servicio de asistencia.
end-not_found-title = Este enlace no funciona
end-not_found-lead = Compruebe que ha abierto el enlace completo o pida uno nuevo al servicio de asistencia.
end-reasons = Por qué
end-return = Volver a { $organization }
end-close = Puede cerrar esta página.
end-phone = Servicio de asistencia: { $phone }

## Problema
problem-request = Número de solicitud: { $id }

## Motivos
reason-image-unreadable = Este archivo no se ha podido leer como foto.
reason-image-too-large = El archivo de la foto es demasiado grande.
reason-image-too-small = La foto es demasiado pequeña. Acérquese o use una cámara mejor.
reason-image-blurred = La foto está borrosa. Sujete el teléfono sin moverlo y deje que enfoque.
reason-image-glare = Hay reflejos en el documento. Inclínelo un poco o aléjese de la lámpara.
reason-image-too-dark = La foto es demasiado oscura. Busque más luz.
reason-image-too-bright = La foto es demasiado clara. Apártese de la luz directa.
reason-document-missing = No se ve ningún documento en la foto.
reason-document-side-missing = Falta una cara del documento.
reason-mrz-not-found = No se ven las líneas de letras y números. Muestre la página entera.
reason-mrz-check-digit-mismatch = Las líneas de letras y números no se han podido leer bien. Haga una foto más nítida.
reason-document-expired = El documento está caducado. Use uno vigente.
reason-document-kind-not-accepted = Aquí no se acepta este tipo de documento.
reason-document-country-not-accepted = Aquí no se aceptan documentos de este país.
reason-document-dates-implausible = Las fechas del documento no se han podido leer bien.
reason-document-expiry-not-stated = No hemos podido leer una fecha de caducidad en el documento. Alguien lo revisará.
reason-document-sources-differ = Las partes del documento no coinciden entre sí.
reason-document-is-specimen = Este documento es una muestra. Use el suyo.
reason-document-used-by-another = Alguien revisará su documento.
reason-document-not-the-known-one = Alguien revisará su documento.
reason-document-on-screen = Alguien revisará su documento.
reason-document-not-in-colour = Alguien revisará su documento.
reason-picture-edited = Alguien revisará su documento.
reason-chip-not-read = No se ha podido comprobar automáticamente el chip de su documento.
reason-chip-signature-invalid = No se ha podido confirmar que su documento sea auténtico.
reason-chip-signature-unsupported = No se ha podido comprobar automáticamente el chip de su documento.
reason-chip-weak-algorithm = No se ha podido comprobar automáticamente el chip de su documento.
reason-chip-signer-not-trusted = No se ha podido confirmar que su documento sea auténtico.
reason-chip-authority-not-known = No se ha podido comprobar automáticamente el chip de su documento.
reason-chip-signer-revoked = No se ha podido confirmar que su documento sea auténtico.
reason-chip-revocation-unknown = No se ha podido comprobar automáticamente el chip de su documento.
reason-chip-data-altered = No se ha podido confirmar que su documento sea auténtico.
reason-chip-data-unreadable = No se ha podido comprobar automáticamente el chip de su documento.
reason-chip-copied = No se ha podido confirmar que su documento sea auténtico.
reason-name-mismatch = El documento no coincide con lo que la organización sabe de usted.
reason-birthdate-mismatch = El documento no coincide con lo que la organización sabe de usted.
reason-name-not-known = La organización no tiene datos con los que comparar su documento.
reason-selfie-missing = No se ve ninguna cara en el selfi.
reason-face-not-compared = No se ha podido comparar su cara automáticamente.
reason-face-declined = Pidió que decida una persona.
reason-liveness-not-performed = No se ha podido comprobar automáticamente que el selfi se acaba de hacer.
reason-review-required = Una persona revisora debe verlo.
reason-reviewer-rejected = Una persona revisora lo ha visto y no ha podido confirmarlo.
reason-reviewer-approved = Una persona revisora lo ha visto y lo ha confirmado.
reason-too-many-attempts = Ha habido demasiados intentos.
reason-link-expired = Se ha acabado el tiempo de esta verificación.
reason-cancelled-by-requester = La solicitud se ha retirado.
reason-declined-by-person = Usted ha detenido la verificación.
reason-processing-error = Algo ha fallado por nuestra parte.
reason-mrz-uncertain = Las líneas de letras y números no se pudieron leer con seguridad. Haga una foto más nítida.
reason-barcode-unreadable = No se pudo leer el código de barras. Muéstrelo entero, nítido y sin reflejos.
reason-barcode-malformed = Una persona tiene que mirar el código de barras del documento.
reason-check-not-applicable = No hay nada que hacer.
reason-document-kind-differs = No es el tipo de documento que eligió.
reason-document-not-machine-readable = El documento no se pudo leer automáticamente.
reason-birthdate-not-known = La organización no tiene datos con los que comparar su documento.
reason-credential-not-presented = No se ha mostrado ninguna credencial.
reason-credential-issuer-not-accepted = Esta credencial no se acepta aquí.
reason-credential-issuer-any = No hay nada que hacer.
reason-credential-type-differs = No es la credencial que se pidió.
reason-credential-revoked = Esta credencial ya no es válida.
reason-credential-status-unknown = Alguien revisará lo que ha mostrado.
reason-credential-domain-not-linked = Esta credencial no se acepta aquí.
reason-credential-expired = Esta credencial ya no es válida.
reason-credential-expiry-not-stated = Alguien revisará lo que ha mostrado.
reason-credential-constraint-not-met = Esta credencial no se acepta aquí.
reason-credential-claim-missing = Alguien revisará lo que ha mostrado.
reason-credential-face-not-checked = No pudimos confirmar que es usted.
reason-credential-face-mismatch = No pudimos confirmar que es usted.
reason-review-not-allowed = La comprobación no se pudo completar automáticamente.
reason-time-expired = Se agotó el tiempo de esta comprobación.
reason-face-not-found = No pudimos ver su cara. Tome otra foto.
reason-faces-several = Debe aparecer solo usted en la foto.
reason-face-too-small = Acérquese más.
reason-face-turned = Mire de frente a la cámara.
reason-face-blurred = La imagen de su cara está borrosa. No mueva el teléfono.
reason-face-badly-lit = Hay muy poca o demasiada luz en su cara.
reason-face-cut-off = Muestre toda su cara en la foto.
reason-face-covered = No se cubra la cara.
reason-face-mismatch = No pudimos confirmar que es usted.
reason-face-uncertain = Una persona revisará sus fotos.
reason-face-not-enrolled = Una persona revisará sus fotos.
reason-face-not-the-enrolled-one = Una persona revisará sus fotos.
reason-portrait-not-found = Una persona revisará sus fotos.
reason-face-template-outdated = Una persona revisará sus fotos.
reason-liveness-frames-missing = Aún necesitamos un breve vídeo de su cara.
reason-liveness-frames-unusable = No ha funcionado. Inténtelo de nuevo, con la cara dentro del marco.
reason-liveness-frames-repeated = No pudimos confirmar que está ante la cámara.
reason-liveness-challenge-failed = No ha funcionado. Siga los pasos una vez más.
reason-liveness-face-changed = No pudimos confirmar que está ante la cámara.
reason-liveness-no-depth = No pudimos confirmar que está ante la cámara.
reason-liveness-light-differs = No pudimos confirmar que está ante la cámara.
reason-presentation-attack = No pudimos confirmar que está ante la cámara.
reason-presentation-uncertain = Una persona revisará sus fotos.
reason-camera-unusual = Una persona revisará sus fotos.

## Another try
retry-title = Inténtelo de nuevo
retry-accepted = Se acepta aquí:
retry-again = Intentar de nuevo
problem-title = Algo ha fallado

## Messages
mail-verify-subject = { $organization } le pide que confirme su identidad
mail-verify-who = { $requester } ({ $organization }) le pide que confirme su identidad. Motivo: { $purpose }
mail-verify-ticket = Incidencia: { $ticket }
mail-verify-time = El enlace funciona durante { $duration }. Tenga a mano su documento de identidad.
mail-verify-button = Confirmar mi identidad
mail-sign-in-subject = Inicio de sesión en la consola de { $organization }
mail-sign-in-body = Hola, { $name }: este enlace inicia sesión una sola vez. Funciona durante una hora.
mail-sign-in-button = Iniciar sesión
mail-test-subject = Una prueba de Ipse
mail-test-body = Esta es una prueba de { $organization }. Los mensajes llegan.
mail-footer = { $organization } confirma identidades con Ipse.
sms-verify = { $organization }, incidencia { $ticket }: confirme su identidad: { $link } ¿No es usted? Ignore este mensaje o díganoslo en el enlace.

## Going back to a relying party

oidc-returning-title = Vuelve a { $client }
oidc-returning-lead = Tarda un momento. Si no ocurre nada, use el botón.
oidc-returning-go = Volver a { $client }
oidc-review-lead = Deje esta página abierta. Continuará sola en cuanto alguien de { $organization } haya decidido.
oidc-open-title = Su comprobación de identidad está en curso
oidc-open-lead = Deje esta página abierta; se actualiza sola.
oidc-problem = Esta solicitud no se puede usar, o ya no. Vuelva al lugar de donde venía y empiece de nuevo.

## The Temporary Access Pass after a success

pass-title = Volver a entrar en su cuenta
pass-lead = { $organization } puede darle un pase de acceso temporal: un código con el que inicia sesión una vez en su cuenta de trabajo, en lugar de lo que ya no tiene.
pass-get = Obtener un pase
pass-again = Intentar de nuevo
pass-requested = Su pase se está creando. Si no aparece, vuelva a cargar esta página en un minuto.
pass-issued = Se le ha dado un pase. Se mostró una vez y no se guarda aquí. Si no lo tiene, llame al servicio de asistencia.
pass-failed-unavailable = Su pase no se pudo crear ahora. Inténtelo de nuevo en un momento.
pass-failed-spent = Su pase no se pudo crear. Llame al servicio de asistencia: lo confirmado sigue valiendo.
pass-failed-misconfigured = Su pase no se puede crear porque { $organization } tiene que corregir algo. Llame al servicio de asistencia: lo confirmado sigue valiendo.
pass-failed-unknown_user = No se encontró su cuenta de trabajo. Llame al servicio de asistencia: lo confirmado sigue valiendo.
pass-failed-name_mismatch = Su cuenta de trabajo lleva otro nombre que su documento. Llame al servicio de asistencia: lo confirmado sigue valiendo.
pass-failed-not_allowed = Para su cuenta solo un administrador puede crear un pase. Llame al servicio de asistencia: lo confirmado sigue valiendo.
pass-failed-withdrawn = Ya no hay ningún pase para usted. Llame al servicio de asistencia.
pass-given-title = Su pase de acceso temporal
pass-given-lead = Inicie sesión con él en su cuenta de trabajo. Sirve una vez, en un plazo de { $time }.
pass-given-once = No se volverá a mostrar. Úselo ahora y no se lo diga a nadie, tampoco al servicio de asistencia.
pass-given-done = Ya lo tengo

## The credential after a success

wallet-title = Añadir a su cartera
wallet-lead = { $organization } puede guardar lo confirmado en Microsoft Authenticator como Verified ID. La próxima vez lo mostrará en lugar de su documento.
wallet-add = Añadir a la cartera
wallet-again = Intentar de nuevo
wallet-requested = Un momento. Se está preparando su Verified ID.
wallet-scan = Escanee este código con Microsoft Authenticator en su teléfono.
wallet-offered = Ábralo en Microsoft Authenticator en este teléfono.
wallet-qr = Código para Microsoft Authenticator
wallet-pin = El teléfono pide este PIN. No se lo diga a nadie.
wallet-open = Abrir Authenticator
wallet-elsewhere = Siga en el dispositivo en el que lo pidió.
wallet-retrieved = Authenticator lo ha abierto. Confírmelo allí.
wallet-issued = Su Verified ID está en su cartera.
wallet-revoking = Su Verified ID se está revocando.
wallet-revoked = Su Verified ID fue revocado. Puede eliminarlo de su cartera.
wallet-expired = El código ha caducado y ya nadie puede usarlo.
wallet-failed-unavailable = El servicio de la cartera no responde ahora. Inténtelo de nuevo en un momento.
wallet-failed-misconfigured = Su Verified ID no se puede emitir por ahora. { $organization } tiene que corregir algo. Lo confirmado sigue valiendo.
wallet-failed-fetch_contract_error = El servicio de la cartera no pudo leer de qué consta su Verified ID. { $organization } tiene que corregir algo.
wallet-failed-issuance_service_error = El servicio de la cartera no pudo emitir su Verified ID. Inténtelo de nuevo.
wallet-failed-unspecified_error = Authenticator no pudo aceptar su Verified ID. Inténtelo de nuevo.

## Presenting
presenting-title = Muestre su Verified ID
presenting-lead = { $organization } le pide «{ $credential }» de Microsoft Authenticator.
presenting-face = Authenticator toma una imagen de su cara y la compara con la de la credencial.
presenting-ask = Continuar con Authenticator
presenting-again = Intentar de nuevo
presenting-requested = Un momento. Se está preparando la solicitud.
presenting-scan = Escanee este código con Microsoft Authenticator en su teléfono.
presenting-offered = Abra la solicitud en Microsoft Authenticator en este teléfono.
presenting-qr = Código para Microsoft Authenticator
presenting-open = Abrir Authenticator
presenting-retrieved = Authenticator ha abierto la solicitud. Acéptela allí.
presenting-expired = La solicitud ha caducado y ya nadie puede usarla.
presenting-spent = Han sido demasiadas veces. Pida un enlace nuevo.
presenting-failed-unavailable = El servicio de la cartera no responde ahora. Inténtelo de nuevo en un momento.
presenting-failed-misconfigured = Ahora no podemos preguntar a Authenticator. { $organization } tiene que corregir algo.
presenting-failed-face_check_failed = Authenticator no ha podido relacionar su cara con la credencial. Inténtelo de nuevo con buena luz.
presenting-failed-claim_validation_error = La credencial elegida no dice lo que se pide. Elija otra.
presenting-failed-unspecified_error = Authenticator no ha podido mostrar su credencial. Inténtelo de nuevo.
