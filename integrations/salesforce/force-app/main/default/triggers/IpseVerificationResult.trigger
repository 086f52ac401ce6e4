trigger IpseVerificationResult on Verification_Result__e(after insert) {
    IpseResultHandler.handle(Trigger.new);
}
