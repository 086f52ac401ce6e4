# 本人が読む文章。短く、責めず、第三者の手がかりになる値は決して出さない。

## 枠
frame-skip = 本文へ移動
frame-title = 本人確認
frame-step = ステップ { $step } / { $total }
frame-time-left = 残り時間：{ $time }
frame-decline = 心当たりがない・中止する
frame-language = 言語

## 期間
duration-minutes = { $count ->
   *[other] { $count }分
}
duration-hours = { $count ->
   *[other] { $count }時間
}
duration-days = { $count ->
   *[other] { $count }日
}

## 同意
consent-title = { $organization } がご本人かどうかの確認を求めています
consent-lead = 始める前に、落ち着いてお読みください。
consent-warning-title = ご自身で依頼しましたか？
consent-warning = ご自身で依頼した場合にのみ進んでください。ヘルプデスクから電話をかけて、このリンクを開くようお願いすることはありません。
consent-warning-phone = 不安なときは電話を切り、ご自身で { $organization }（{ $phone }）におかけください。
consent-who = 依頼者
consent-who-value = { $organization }　{ $requester }
consent-purpose = 目的
consent-ticket = チケット
consent-opened = 依頼時刻
consent-collect = お願いすること
consent-collect-document = 本人確認書類の写真
consent-collect-selfie = 書類の写真と比べるための自撮り写真
consent-collect-credential = Microsoft Authenticator にある資格情報「{ $credential }」
consent-collect-face-check = 顔の画像。Authenticator が資格情報の写真と照合し、結果だけが届きます。
consent-kept-images = 画像は{ $duration }保存した後、破棄します。
consent-kept-facts = 書類から読み取った氏名などの情報は{ $duration }保存します。
consent-kept-credential = 資格情報そのものは保存しません。氏名など必要な情報は{ $duration }保存します。
consent-seen = { $organization } の審査担当者が画像を見ることがあります。ヘルプデスクの担当者が見ることはありません。
consent-valid = このリンクの有効時間：{ $duration }（{ $time } まで）
consent-agree = 同意して進む
consent-decline = 心当たりがありません

## 書類
document-title = 書類
document-choose = お手元の書類はどれですか？
document-choose-lead = 原本をご用意ください。コピーや画面に映した画像は使えません。
document-choose-continue = 次へ
document-change = 別の書類を使う
kind-passport = パスポート
kind-passport-hint = 顔写真のページ
kind-id_card = 身分証明書
kind-id_card-hint = 表と裏
kind-driving_licence = 運転免許証
kind-driving_licence-hint = 表と裏
kind-visa = 査証（ビザ）
kind-visa-hint = 査証のページ
kind-residence_permit = 在留カード・滞在許可証
kind-residence_permit-hint = 表と裏
side-page = { $kind }：顔写真のページ
side-front = { $kind }：表
side-back = { $kind }：裏
document-tip-fit = 書類全体を枠に収めてください。
document-tip-light = 明るく、照明が反射しない場所で撮ってください。
document-tip-still = 平らな所に置き、スマートフォンを動かさないでください。

## カメラ
camera-open = カメラを開く
camera-opening = カメラを開いています…
camera-take = 撮影する
camera-use = この写真を使う
camera-again = 撮り直す
camera-file = この端末から写真を選ぶ
camera-file-instead = 代わりに写真を選ぶ
camera-send = 写真を送る
camera-sending = 写真を確認しています…
camera-accepted = きれいに撮れました。
camera-continue = 次へ
camera-refused = もう一度撮影してください：
camera-tries = 残り回数：{ $count }
camera-denied = カメラが許可されていません。ブラウザーの設定でこのページにカメラを許可し、もう一度お試しください。
camera-none = この端末にカメラが見つかりません。
camera-failed = 写真を送れませんでした。接続を確認し、もう一度お試しください。
camera-live = カメラの映像
camera-preview = 撮影した写真
camera-script = 撮影には JavaScript が必要です。ブラウザーの設定で有効にして、このページを再読み込みしてください。

## 自撮り
selfie-title = 自撮り写真
selfie-lead = お顔と書類の写真を比べます。
selfie-tip-face = 顔を楕円に合わせ、カメラをまっすぐ見てください。
selfie-tip-light = 逆光を避け、顔に光が当たるようにしてください。
selfie-tip-bare = サングラス、帽子、マスクを外してください。

## Live selfie
liveness-lead-enrolled = お客様の顔を、登録された顔と照合します。
liveness-tip-follow = 画面の指示に従ってください。頭を少し動かす、近づく、正面を見る、などです。
liveness-keep-title = 次回は書類なしで確認しますか？
liveness-keep-lead = { $organization }は、お客様の顔の特徴データを暗号化して{ $duration }保管できます。次に確認をお願いするときの本人照合にのみ使い、いつでも取り消せます。選ばなくても、今回の確認には影響しません。
liveness-keep = 顔の特徴データを{ $duration }保管することに同意します
liveness-sending = カメラの映像を確認しています…
liveness-progress = 進み具合
liveness-begin = 始める
liveness-voice = 指示を音声で読み上げる
liveness-other-title = カメラがない、または使いたくない場合
liveness-other-lead = 代わりに担当者が確認できます。時間がかかります。
liveness-other = 担当者に確認してもらう
liveness-step-look_ahead = 正面を見てください
liveness-step-turn_left = 頭を左に向けてください
liveness-step-turn_right = 頭を右に向けてください
liveness-step-closer = 少し近づいてください
liveness-step-farther = 少し離れてください
liveness-hint-dark = 暗すぎます。明るい場所に移動してください。
liveness-hint-bright = 明るすぎます。直射光を避けてください。
liveness-hint-behind = 逆光です。向きを変えてください。
liveness-hint-still = 動かないでください。
liveness-hint-good = 良好です。始められます。
end-template-lead = 顔の特徴データの保管に同意されています。今でも後でも取り消せます。
end-template-delete = 顔の特徴データを削除する

## 別の端末
handover-offer = スマートフォンで続ける
handover-offer-lead = スマートフォンのカメラのほうがきれいに撮れることが多いです。
handover-show = QRコードを表示
handover-qr = スマートフォンで本人確認を開くQRコード
handover-qr-lead = スマートフォンのカメラで読み取ってください。このページは自動で更新されます。
handover-title = このスマートフォンで続ける
handover-lead = 別の端末で始めた手続きです。次の内容が正しいか確認してください。
handover-continue = ここで続ける
following-title = スマートフォンで続けてください
following-lead = このページは自動で更新されます。開いたままで構いません。
following-reclaim = やはりここで続ける

## 処理中
processing-title = 画像を確認しています
processing-lead = しばらくお待ちください。このページは開いたままで構いません。

## 終わり
end-succeeded-title = ご本人であることを確認しました
end-succeeded-lead = 確認が終わり、結果は { $organization } に届きました。
end-failed-title = ご本人であることを確認できませんでした
end-failed-lead = 確認できなかったことは { $organization } に伝わっています。ほかの方法はヘルプデスクにお尋ねください。
end-pending_review-title = 担当者が確認します
end-pending_review-lead = { $organization } の審査担当者が判断します。ここでお待ちいただく必要はありません。
end-expired-title = リンクの有効期限が切れました
end-expired-lead = 必要な場合は、ヘルプデスクに新しいリンクを依頼してください。
end-cancelled-title = この本人確認は取り消されました
end-cancelled-lead = { $organization } が依頼を取り下げました。お手続きは不要です。
end-declined-title = お知らせいただきありがとうございます
end-declined-lead = 本人確認を中止し、{ $organization } に伝えました。誰かにこのリンクを開くよう言われた場合は、コードやパスワードを決して教えないでください。
end-already_opened-title = このリンクはすでに開かれています
end-already_opened-lead = 最初に開いたブラウザーでのみ使えます。お心当たりがない場合は、ヘルプデスクにお電話ください。
end-not_found-title = このリンクは使えません
end-not_found-lead = リンク全体を開いたか確認するか、ヘルプデスクに新しいリンクを依頼してください。
end-reasons = 理由
end-return = { $organization } に戻る
end-close = このページは閉じて構いません。
end-phone = ヘルプデスク：{ $phone }

## 問題
problem-request = リクエスト番号：{ $id }

## 理由
reason-image-unreadable = このファイルを写真として読み取れませんでした。
reason-image-too-large = 写真のファイルが大きすぎます。
reason-image-too-small = 写真が小さすぎます。近づくか、別のカメラをお使いください。
reason-image-blurred = 写真がぼやけています。動かさず、ピントが合うのを待ってください。
reason-image-glare = 書類に光が反射しています。少し傾けるか、照明から離れてください。
reason-image-too-dark = 写真が暗すぎます。明るい場所で撮ってください。
reason-image-too-bright = 写真が明るすぎます。直射光を避けてください。
reason-document-missing = 写真に書類が見つかりませんでした。
reason-document-side-missing = 書類の片面が足りません。
reason-mrz-not-found = 英数字の行が見えません。ページ全体を写してください。
reason-mrz-check-digit-mismatch = 英数字の行を正しく読み取れませんでした。もっと鮮明に撮ってください。
reason-document-expired = 書類の有効期限が切れています。有効な書類をお使いください。
reason-document-kind-not-accepted = この種類の書類は使えません。
reason-document-country-not-accepted = この国の書類は使えません。
reason-document-dates-implausible = 書類の日付を正しく読み取れませんでした。
reason-document-expiry-not-stated = 書類の有効期限を読み取れませんでした。担当者が確認します。
reason-document-sources-differ = 書類の各部分の内容が一致しません。
reason-document-is-specimen = この書類は見本です。ご自身の書類をお使いください。
reason-document-used-by-another = 担当者が書類を確認します。
reason-document-not-the-known-one = 担当者が書類を確認します。
reason-document-on-screen = 担当者が書類を確認します。
reason-document-not-in-colour = 担当者が書類を確認します。
reason-picture-edited = 担当者が書類を確認します。
reason-chip-not-read = 書類のICチップを自動で確認できませんでした。
reason-chip-signature-invalid = 書類が本物であることを確認できませんでした。
reason-chip-signature-unsupported = 書類のICチップを自動で確認できませんでした。
reason-chip-weak-algorithm = 書類のICチップを自動で確認できませんでした。
reason-chip-signer-not-trusted = 書類が本物であることを確認できませんでした。
reason-chip-authority-not-known = 書類のICチップを自動で確認できませんでした。
reason-chip-signer-revoked = 書類が本物であることを確認できませんでした。
reason-chip-revocation-unknown = 書類のICチップを自動で確認できませんでした。
reason-chip-data-altered = 書類が本物であることを確認できませんでした。
reason-chip-data-unreadable = 書類のICチップを自動で確認できませんでした。
reason-chip-copied = 書類が本物であることを確認できませんでした。
reason-name-mismatch = 書類の内容が、登録されている情報と一致しません。
reason-birthdate-mismatch = 書類の内容が、登録されている情報と一致しません。
reason-name-not-known = 書類と照合できる情報が登録されていません。
reason-selfie-missing = 写真に顔が見つかりませんでした。
reason-face-not-compared = 顔を自動で照合できませんでした。
reason-face-declined = 担当者による確認を選ばれました。
reason-liveness-not-performed = 写真が今撮られたものか、自動で確認できませんでした。
reason-review-required = 審査担当者による確認が必要です。
reason-reviewer-rejected = 審査担当者が確認しましたが、ご本人と認められませんでした。
reason-reviewer-approved = 審査担当者が確認し、ご本人と認めました。
reason-too-many-attempts = 試行回数が上限を超えました。
reason-link-expired = 本人確認の制限時間が過ぎました。
reason-cancelled-by-requester = 依頼は取り下げられました。
reason-declined-by-person = ご自身で本人確認を中止しました。
reason-processing-error = こちらで問題が発生しました。
reason-mrz-uncertain = 英数字の行を確実に読み取れませんでした。もっと鮮明な写真を撮ってください。
reason-barcode-unreadable = バーコードを読み取れませんでした。全体が鮮明に、反射なく写るようにしてください。
reason-barcode-malformed = 書類のバーコードを担当者が確認します。
reason-check-not-applicable = 操作は必要ありません。
reason-document-kind-differs = 選んだ種類の書類ではありません。
reason-document-not-machine-readable = 書類を自動で読み取れませんでした。
reason-birthdate-not-known = 書類と照合するための情報が組織にありません。
reason-credential-not-presented = 資格情報が提示されませんでした。
reason-credential-issuer-not-accepted = この資格情報はここでは使えません。
reason-credential-issuer-any = することはありません。
reason-credential-type-differs = 求められた資格情報ではありません。
reason-credential-revoked = この資格情報は現在有効ではありません。
reason-credential-status-unknown = 担当者が提示された内容を確認します。
reason-credential-domain-not-linked = この資格情報はここでは使えません。
reason-credential-expired = この資格情報は現在有効ではありません。
reason-credential-expiry-not-stated = 担当者が提示された内容を確認します。
reason-credential-constraint-not-met = この資格情報はここでは使えません。
reason-credential-claim-missing = 担当者が提示された内容を確認します。
reason-credential-face-not-checked = ご本人であることを確認できませんでした。
reason-credential-face-mismatch = ご本人であることを確認できませんでした。
reason-review-not-allowed = 確認を自動で完了できませんでした。
reason-time-expired = この確認の制限時間が過ぎました。
reason-face-not-found = 顔が確認できませんでした。もう一度撮影してください。
reason-faces-several = お一人で写ってください。
reason-face-too-small = もう少し近づいてください。
reason-face-turned = カメラをまっすぐ見てください。
reason-face-blurred = 顔の写真がぼやけています。スマートフォンを動かさないでください。
reason-face-badly-lit = 顔に当たる光が弱すぎるか、強すぎます。
reason-face-cut-off = 顔全体が写るようにしてください。
reason-face-covered = 顔を隠さないでください。
reason-face-mismatch = ご本人であることを確認できませんでした。
reason-face-uncertain = 担当者が写真を確認します。
reason-face-not-enrolled = 担当者が写真を確認します。
reason-face-not-the-enrolled-one = 担当者が写真を確認します。
reason-portrait-not-found = 担当者が写真を確認します。
reason-face-template-outdated = 担当者が写真を確認します。
reason-liveness-frames-missing = 顔の短い動画がまだ必要です。
reason-liveness-frames-unusable = うまくいきませんでした。顔を枠の中に入れて、もう一度お試しください。
reason-liveness-frames-repeated = カメラの前にいらっしゃることを確認できませんでした。
reason-liveness-challenge-failed = うまくいきませんでした。もう一度手順に従ってください。
reason-liveness-face-changed = カメラの前にいらっしゃることを確認できませんでした。
reason-liveness-no-depth = カメラの前にいらっしゃることを確認できませんでした。
reason-liveness-light-differs = カメラの前にいらっしゃることを確認できませんでした。
reason-presentation-attack = カメラの前にいらっしゃることを確認できませんでした。
reason-presentation-uncertain = 担当者が写真を確認します。
reason-camera-unusual = 担当者が写真を確認します。

## Another try
retry-title = もう一度お試しください
retry-accepted = 受け付けている書類：
retry-again = もう一度試す
problem-title = 問題が発生しました

## Messages
mail-verify-subject = { $organization } からの本人確認のお願い
mail-verify-who = { $requester }（{ $organization }）から本人確認のお願いです。目的：{ $purpose }
mail-verify-ticket = チケット：{ $ticket }
mail-verify-time = このリンクの有効時間は{ $duration }です。本人確認書類をご用意ください。
mail-verify-button = 本人確認を始める
mail-sign-in-subject = { $organization } コンソールへのサインイン
mail-sign-in-body = { $name } さん、このリンクで一度だけサインインできます。有効時間は1時間です。
mail-sign-in-button = サインイン
mail-test-subject = Ipse からのテスト
mail-test-body = { $organization } からのテストです。メッセージは届いています。
mail-footer = { $organization } は Ipse で本人確認を行っています。
sms-verify = { $organization } チケット { $ticket }：本人確認をお願いします：{ $link } 心当たりがない場合は無視するか、リンク先でお知らせください。

## Going back to a relying party

oidc-returning-title = { $client } に戻ります
oidc-returning-lead = 少しお待ちください。何も起こらない場合は、ボタンを押してください。
oidc-returning-go = { $client } に戻る
oidc-review-lead = このページを開いたままにしてください。{ $organization } の担当者が判断すると、自動的に次へ進みます。
oidc-open-title = 本人確認が進行中です
oidc-open-lead = このページを開いたままにしてください。進み具合に合わせて表示が変わります。
oidc-problem = このリクエストは使用できないか、すでに無効です。元の画面に戻り、もう一度始めてください。

## The Temporary Access Pass after a success

pass-title = アカウントに戻る
pass-lead = { $organization } は一時アクセス パスを発行できます。お手元にないものの代わりに、職場のアカウントへ一度だけサインインできるコードです。
pass-get = パスを受け取る
pass-again = もう一度試す
pass-requested = パスを作成しています。表示されない場合は、1 分後にこのページを再読み込みしてください。
pass-issued = パスをお渡ししました。一度だけ表示され、ここには保存されません。お手元にない場合は、ヘルプデスクに電話してください。
pass-failed-unavailable = 現在パスを作成できませんでした。しばらくしてからもう一度お試しください。
pass-failed-spent = パスを作成できませんでした。ヘルプデスクに電話してください。確認された内容は引き続き有効です。
pass-failed-misconfigured = { $organization } 側で修正が必要なため、パスを作成できません。ヘルプデスクに電話してください。確認された内容は引き続き有効です。
pass-failed-unknown_user = 職場のアカウントが見つかりませんでした。ヘルプデスクに電話してください。確認された内容は引き続き有効です。
pass-failed-name_mismatch = 職場のアカウントの名前が身分証と異なります。ヘルプデスクに電話してください。確認された内容は引き続き有効です。
pass-failed-not_allowed = このアカウントのパスは管理者だけが作成できます。ヘルプデスクに電話してください。確認された内容は引き続き有効です。
pass-failed-withdrawn = お渡しできるパスはもうありません。ヘルプデスクに電話してください。
pass-given-title = 一時アクセス パス
pass-given-lead = これで職場のアカウントにサインインしてください。{ $time }以内に一度だけ使えます。
pass-given-once = 再び表示されることはありません。今すぐ使い、誰にも、ヘルプデスクにも教えないでください。
pass-given-done = 受け取りました

## The credential after a success

wallet-title = ウォレットに追加する
wallet-lead = { $organization } は、確認された内容を Verified ID として Microsoft Authenticator に入れることができます。次回は身分証の代わりにそれを提示できます。
wallet-add = ウォレットに追加
wallet-again = もう一度試す
wallet-requested = お待ちください。Verified ID を準備しています。
wallet-scan = スマートフォンの Microsoft Authenticator でこのコードを読み取ってください。
wallet-offered = このスマートフォンの Microsoft Authenticator で開いてください。
wallet-qr = Microsoft Authenticator 用のコード
wallet-pin = スマートフォンでこの PIN を求められます。誰にも教えないでください。
wallet-open = Authenticator を開く
wallet-elsewhere = 追加を始めた端末で続けてください。
wallet-retrieved = Authenticator で開かれました。そちらで確認してください。
wallet-issued = Verified ID はウォレットに入りました。
wallet-revoking = Verified ID を取り消しています。
wallet-revoked = Verified ID は取り消されました。ウォレットから削除できます。
wallet-expired = コードの有効期限が切れました。もう誰も使えません。
wallet-failed-unavailable = ウォレットのサービスが応答していません。しばらくしてからもう一度お試しください。
wallet-failed-misconfigured = 現在 Verified ID を発行できません。{ $organization } による修正が必要です。確認された結果は引き続き有効です。
wallet-failed-fetch_contract_error = ウォレットのサービスが Verified ID の内容を読み取れませんでした。{ $organization } による修正が必要です。
wallet-failed-issuance_service_error = ウォレットのサービスが Verified ID を発行できませんでした。もう一度お試しください。
wallet-failed-unspecified_error = Authenticator が Verified ID を受け取れませんでした。もう一度お試しください。

## Presenting
presenting-title = Verified ID を提示してください
presenting-lead = { $organization } が Microsoft Authenticator の「{ $credential }」の提示を求めています。
presenting-face = Authenticator が顔を撮影し、資格情報の写真と照合します。
presenting-ask = Authenticator で続ける
presenting-again = もう一度試す
presenting-requested = お待ちください。依頼を準備しています。
presenting-scan = スマートフォンの Microsoft Authenticator でこのコードを読み取ってください。
presenting-offered = このスマートフォンの Microsoft Authenticator で依頼を開いてください。
presenting-qr = Microsoft Authenticator 用のコード
presenting-open = Authenticator を開く
presenting-retrieved = Authenticator で依頼が開かれました。そちらで同意してください。
presenting-expired = 依頼の有効期限が切れました。もう誰も使えません。
presenting-spent = 回数の上限に達しました。新しいリンクを依頼してください。
presenting-failed-unavailable = ウォレットのサービスが応答していません。しばらくしてからもう一度お試しください。
presenting-failed-misconfigured = 現在 Authenticator に依頼できません。{ $organization } による修正が必要です。
presenting-failed-face_check_failed = Authenticator で顔と資格情報を照合できませんでした。明るい場所でもう一度お試しください。
presenting-failed-claim_validation_error = 選んだ資格情報は求められた内容を満たしていません。別のものを選んでください。
presenting-failed-unspecified_error = Authenticator で資格情報を提示できませんでした。もう一度お試しください。
